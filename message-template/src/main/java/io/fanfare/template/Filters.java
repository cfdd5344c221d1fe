package io.fanfare.template;

import io.fanfare.template.Values.SafeText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filters of the language; all are free of side effects and bounded in what they make. */
final class Filters {

  /** A filter: what comes in, its arguments in order, and what the rendering may still use. */
  interface Filter {
    @Nullable Object apply(@Nullable Object input, List<@Nullable Object> args, Budget budget);
  }

  /** A filter and how many arguments it takes. */
  record Entry(int minArgs, int maxArgs, Filter filter) {}

  private static final int MAX_DECIMALS = 10;
  private static final double LARGEST_NUMBER = 1e15;

  private static final Map<String, Entry> FILTERS =
      Map.ofEntries(
          Map.entry("default", new Entry(1, 1, (in, args, budget) -> or(in, args.getFirst()))),
          Map.entry("upper", onText((text, args, budget) -> text.toUpperCase(Locale.ROOT))),
          Map.entry("lower", onText((text, args, budget) -> text.toLowerCase(Locale.ROOT))),
          Map.entry("trim", onText((text, args, budget) -> text.strip())),
          Map.entry("capitalize", onText((text, args, budget) -> capitalize(text))),
          Map.entry("title", onText((text, args, budget) -> title(text))),
          Map.entry("abbreviate", new Entry(1, 1, Filters::abbreviate)),
          Map.entry("truncate", new Entry(1, 1, Filters::abbreviate)),
          Map.entry("replace", new Entry(2, 2, Filters::replace)),
          Map.entry("date", new Entry(1, 2, DateFilter::apply)),
          Map.entry("number", new Entry(0, 3, Filters::number)),
          Map.entry("join", new Entry(0, 1, Filters::join)),
          Map.entry("length", new Entry(0, 0, (in, args, budget) -> length(in, budget))),
          Map.entry("first", new Entry(0, 0, (in, args, budget) -> end(in, true))),
          Map.entry("last", new Entry(0, 0, (in, args, budget) -> end(in, false))),
          Map.entry("escape", new Entry(0, 0, (in, args, budget) -> escape(in, budget))),
          Map.entry("urlencode", onText((text, args, budget) -> urlEncode(text, budget))));

  private interface TextFilter {
    String apply(String text, List<@Nullable Object> args, Budget budget);
  }

  private Filters() {}

  static Set<String> names() {
    return FILTERS.keySet();
  }

  static @Nullable Entry get(String name) {
    return FILTERS.get(name);
  }

  private static Entry onText(TextFilter filter) {
    return new Entry(
        0,
        0,
        (in, args, budget) ->
            in == null
                ? null
                : Values.bounded(filter.apply(Values.text(in, budget), args, budget), budget));
  }

  private static @Nullable Object or(@Nullable Object input, @Nullable Object fallback) {
    return Values.isEmpty(input) ? fallback : input;
  }

  /** Up to nine characters are made of one. */
  private static String urlEncode(String text, Budget budget) {
    budget.spend(8L * text.length());
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String capitalize(String text) {
    return text.isEmpty() ? text : Character.toTitleCase(text.charAt(0)) + text.substring(1);
  }

  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text);
    boolean wordStart = true;
    for (int i = 0; i < titled.length(); i++) {
      char c = titled.charAt(i);
      if (wordStart) {
        titled.setCharAt(i, Character.toTitleCase(c));
      }
      wordStart = Character.isWhitespace(c);
    }
    return titled.toString();
  }

  private static @Nullable Object abbreviate(
      @Nullable Object input, List<@Nullable Object> args, Budget budget) {
    if (input == null) {
      return null;
    }
    String text = Values.text(input, budget);
    int length = wholeArgument(args.getFirst(), 1, budget.maxText());
    if (text.codePointCount(0, text.length()) <= length) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
  }

  private static @Nullable Object replace(
      @Nullable Object input, List<@Nullable Object> args, Budget budget) {
    if (input == null) {
      return null;
    }
    String text = Values.text(input, budget);
    String from = Values.text(args.get(0), budget);
    String to = Values.text(args.get(1), budget);
    if (from.isEmpty()) {
      return text;
    }
    budget.spendSearch(text, from);
    StringBuilder replaced = new StringBuilder();
    int copied = 0;
    for (int i = text.indexOf(from); i >= 0; i = text.indexOf(from, copied)) {
      replaced.append(text, copied, i).append(to);
      copied = i + from.length();
      budget.spend(to.length());
      if (replaced.length() > budget.maxText()) {
        throw Values.tooLong(budget);
      }
    }
    return Values.bounded(replaced.append(text, copied, text.length()).toString(), budget);
  }

  /** {@code number(decimals, point, group)}: 0 decimals, "." and "," where not said. */
  private static @Nullable Object number(
      @Nullable Object input, List<@Nullable Object> args, Budget budget) {
    if (Values.isEmpty(input)) {
      return null;
    }
    double value = toNumber(input, budget);
    int decimals = args.isEmpty() ? 0 : wholeArgument(args.getFirst(), 0, MAX_DECIMALS);
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    symbols.setDecimalSeparator(mark(args, 1, '.', budget));
    String group = args.size() > 2 ? Values.text(args.get(2), budget) : ",";
    if (!group.isEmpty()) {
      symbols.setGroupingSeparator(group.charAt(0));
    }
    DecimalFormat format = new DecimalFormat("#,##0", symbols);
    format.setGroupingUsed(!group.isEmpty());
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(BigDecimal.valueOf(value));
  }

  private static char mark(List<@Nullable Object> args, int index, char fallback, Budget budget) {
    String mark = args.size() > index ? Values.text(args.get(index), budget) : "";
    if (mark.length() > 1) {
      throw new EvaluationFailure("a text is longer than 1 characters");
    }
    return mark.isEmpty() ? fallback : mark.charAt(0);
  }

  private static double toNumber(@Nullable Object input, Budget budget) {
    double value;
    if (input instanceof Number number) {
      value = number.doubleValue();
    } else {
      String text = Values.text(input, budget);
      if (!text.matches("-?[0-9]{1,15}([.][0-9]{1,15})?")) {
        throw new EvaluationFailure("the filter number was given no number");
      }
      value = Double.parseDouble(text);
    }
    if (!(Math.abs(value) <= LARGEST_NUMBER)) {
      throw new EvaluationFailure("the filter number was given too large a number");
    }
    return value;
  }

  private static @Nullable Object join(
      @Nullable Object input, List<@Nullable Object> args, Budget budget) {
    String separator = args.isEmpty() ? "" : Values.text(args.getFirst(), budget);
    return input instanceof Collection<?> collection
        ? Values.join(List.copyOf(collection), separator, budget)
        : input;
  }

  private static long length(@Nullable Object input, Budget budget) {
    return switch (input) {
      case null -> 0;
      case Collection<?> collection -> collection.size();
      case Map<?, ?> map -> map.size();
      default -> {
        String text = Values.text(input, budget);
        yield text.codePointCount(0, text.length());
      }
    };
  }

  private static @Nullable Object end(@Nullable Object input, boolean first) {
    return switch (input) {
      case List<?> list when list.isEmpty() -> null;
      case List<?> list -> first ? list.getFirst() : list.getLast();
      case String text when !text.isEmpty() ->
          first
              ? text.substring(0, text.offsetByCodePoints(0, 1))
              : text.substring(text.offsetByCodePoints(text.length(), -1));
      case null, default -> null;
    };
  }

  private static @Nullable Object escape(@Nullable Object input, Budget budget) {
    if (input == null || input instanceof SafeText) {
      return input;
    }
    StringBuilder escaped = new StringBuilder();
    HtmlEscape.append(Values.text(input, budget), escaped);
    return new SafeText(Values.bounded(escaped.toString(), budget));
  }

  private static int wholeArgument(@Nullable Object argument, int min, int max) {
    if (argument instanceof Long whole && whole >= min && whole <= max) {
      return whole.intValue();
    }
    throw new EvaluationFailure("a whole number from " + min + " to " + max + " is expected");
  }
}
