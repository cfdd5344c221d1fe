package io.fanfare.benchmark.asking;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What asking came to.
 *
 * @param published events, deliveries and what recipients did together
 * @param seconds from the first one published to the last one counted
 * @param wrong figures that are not what was published
 * @param answered how long each answer took
 * @param tables rows and sizes
 * @param plans the statements of each question as PostgreSQL ran them
 */
public record AskingResult(
    AskingOptions options,
    long published,
    double seconds,
    List<String> wrong,
    List<Answered> answered,
    Map<String, String> tables,
    Map<String, List<String>> plans) {

  static final double MOST_MILLIS = 100;

  /** How long answers took, through the front door. */
  record Answered(String question, double p50, double p99, int bytes) {

    static Answered of(String question, double[] millis, int bytes) {
      double[] sorted = millis.clone();
      Arrays.sort(sorted);
      return new Answered(question, quantile(sorted, 0.5), quantile(sorted, 0.99), bytes);
    }

    private static double quantile(double[] sorted, double share) {
      return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    boolean isInTime() {
      return p99 < MOST_MILLIS;
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-36s p50 %7.1f ms   p99 %7.1f ms   %,9d bytes%s",
          question,
          p50,
          p99,
          bytes,
          isInTime() ? "" : "   too late");
    }
  }

  /** Every answer came in time and was right. */
  public boolean passed() {
    return wrong.isEmpty() && answered.stream().allMatch(Answered::isInTime);
  }

  /** A table for people, and the plans. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d recipients, %,d events, %,d records counted in %.0f s%n%n",
            options.recipients(),
            options.events(),
            published,
            seconds));
    tables.forEach(
        (name, size) -> text.append(String.format(Locale.ROOT, "%-28s %s%n", name, size)));
    plans.forEach((question, statements) -> {
      text.append(String.format("%n--- %s%n", question));
      statements.forEach(statement -> text.append(statement).append(String.format("%n")));
    });
    text.append(String.format("%n"));
    answered.forEach(one -> text.append(one.line()).append(String.format("%n")));
    wrong.forEach(figure -> text.append("wrong: ").append(figure).append(String.format("%n")));
    return text.toString();
  }

  /** One JSON object on one line. */
  public String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("recipients", options.recipients());
    json.put("events", options.events());
    json.put("records", published);
    json.put("counted_seconds", Math.round(seconds));
    json.put("wrong_figures", wrong);
    Map<String, Object> answers = new LinkedHashMap<>();
    answered.forEach(one ->
        answers.put(
            one.question(), Map.of("p50_ms", rounded(one.p50()), "p99_ms", rounded(one.p99()))));
    json.put("answers", answers);
    json.put("tables", tables);
    json.put("passed", passed());
    return JsonMapper.builder().build().writeValueAsString(json);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
