package io.fanfare.localstack.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which subject won, by analytics and by the recipients' own count.
 *
 * @param metric what the variants were compared by
 * @param pValue of the difference, at the look that decided
 * @param low lower end of the confidence interval of the difference, at that look
 * @param high upper end of it
 * @param winner the variant the hold-back got; empty before it was decided
 * @param decidedBy {@code winner}, {@code fallback} or {@code operator}; empty before
 * @param pending messages nobody has read yet
 */
record AbTestResult(
    String metric,
    List<Variant> variants,
    double pValue,
    double low,
    double high,
    String winner,
    String decidedBy,
    long pending) {

  /**
   * A subject.
   *
   * @param sent recipients of the test it was sent to
   * @param converted those of them who clicked
   * @param heldBack clicks of those who got it as the winner
   * @param recipients clicks by the recipients' own count, of both
   */
  record Variant(
      String id, String name, long sent, long converted, long heldBack, long recipients) {

    double rate() {
      return sent == 0 ? 0 : (double) converted / sent;
    }

    private boolean agrees() {
      return converted + heldBack == recipients;
    }
  }

  /** Decided, and analytics counted exactly what the recipients did. */
  boolean agrees() {
    return !winner.isEmpty() && pending == 0 && variants.stream().allMatch(Variant::agrees);
  }

  /** For people. */
  String table() {
    StringBuilder table = new StringBuilder("  the A/B test of the subject, on e-mail\n");
    for (Variant variant : variants) {
      table.append(
          String.format(
              Locale.ROOT,
              "  %s  %-14s%,8d sent %,7d clicked   %5.1f %%   %s%n",
              variant.id(),
              variant.name(),
              variant.sent(),
              variant.converted(),
              100 * variant.rate(),
              variant.id().equals(winner) ? "← sent to those who waited" : ""));
    }
    table.append(
        String.format(
            Locale.ROOT,
            "  Decided by %s: p = %.2g, difference %.1f to %.1f points. The recipients' own count: %s%n",
            decidedBy,
            pValue,
            100 * low,
            100 * high,
            agrees() ? "the same." : "IT DIFFERS."));
    return table.toString();
  }

  /** For {@code --json}. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("metric", metric);
    json.put(
        "variants",
        variants.stream()
            .map(variant -> {
              Map<String, Object> each = new LinkedHashMap<>();
              each.put("id", variant.id());
              each.put("name", variant.name());
              each.put("sent", variant.sent());
              each.put("converted", variant.converted());
              each.put("rate", variant.rate());
              each.put("held_back_converted", variant.heldBack());
              each.put("recipients_own_count", variant.recipients());
              return each;
            })
            .toList());
    json.put("p_value", pValue);
    json.put("interval", List.of(low, high));
    json.put("winner", winner);
    json.put("decided_by", decidedBy);
    return json;
  }
}
