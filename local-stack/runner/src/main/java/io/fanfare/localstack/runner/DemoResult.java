package io.fanfare.localstack.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a broadcast came to, by our ledger and by the providers' own log.
 *
 * @param counts the ends of all recipients
 * @param channels the same by channel
 * @param retried tries that were put off and tried again
 * @param duplicates messages that a provider took twice for one recipient
 * @param providerRecipients distinct recipients the providers took a message for
 * @param skips skipped recipients by reason
 * @param quiet what the mailbox saw of those with quiet hours
 * @param abTest which subject won
 * @param presses of the button on Telegram
 * @param seconds from the first request to the end
 */
record DemoResult(
    Map<String, Long> counts,
    Map<String, Map<String, Long>> channels,
    long retried,
    long duplicates,
    long providerRecipients,
    Map<String, Long> skips,
    DemoPreferences.Quiet quiet,
    AbTestResult abTest,
    DemoPresses.Presses presses,
    double seconds) {

  private static final List<String> ENDS =
      List.of("planned", "sent", "failed", "dead", "in_doubt", "skipped", "cancelled");

  /** Composes the result from the three answers. */
  static DemoResult of(
      JsonNode progress,
      JsonNode attempts,
      JsonNode report,
      DemoPreferences.Quiet quiet,
      AbTestResult abTest,
      DemoPresses.Presses presses,
      double seconds) {
    Map<String, Map<String, Long>> channels = new LinkedHashMap<>();
    progress
        .get("channels")
        .properties()
        .forEach(channel -> channels.put(channel.getKey(), counts(channel.getValue())));
    return new DemoResult(
        counts(progress),
        channels,
        attempts.path("retrying").asLong() + attempts.path("rate_limited").asLong(),
        report.get("duplicates").asLong(),
        report.get("distinct").asLong(),
        skips(progress),
        quiet,
        abTest,
        presses,
        seconds);
  }

  private static Map<String, Long> skips(JsonNode progress) {
    Map<String, Long> skips = new TreeMap<>();
    progress
        .get("skipped_by_reason")
        .properties()
        .forEach(reason -> skips.put(reason.getKey(), reason.getValue().asLong()));
    return skips;
  }

  private static Map<String, Long> counts(JsonNode node) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String end : ENDS) {
      counts.put(end, node.get(end).asLong());
    }
    return counts;
  }

  /**
   * Whether nobody is missing, nobody was sent to twice, and the providers and the recipients say
   * the same as we do.
   */
  boolean proven() {
    return providersAgree() && quiet.before() == 0 && abTest.agrees() && presses.agrees();
  }

  private boolean providersAgree() {
    return count("planned") == ENDS.stream().skip(1).mapToLong(this::count).sum()
        && duplicates == 0
        && skips.values().stream().mapToLong(Long::longValue).sum() == count("skipped")
        && providerRecipients == count("sent");
  }

  private long count(String end) {
    return counts.getOrDefault(end, 0L);
  }

  /** A table for people. */
  String table() {
    StringBuilder table = new StringBuilder("  ");
    table.append("%-10s".formatted(""));
    ENDS.forEach(end -> table.append("%10s".formatted(end.replace('_', ' '))));
    channels.forEach((channel, row) -> append(table, channel, row));
    append(table, "together", counts);
    table.append(
        String.format(
            Locale.ROOT,
            "%n%n  %,d tries were put off and tried again; it took %.1f s.%n"
                + "  The providers' own logs: %,d recipients reached, %,d of them twice. %s%n",
            retried,
            seconds,
            providerRecipients,
            duplicates,
            providersAgree() ? "That is what the ledger says." : "THE LEDGER SAYS OTHERWISE."));
    table.append("\n  not sent to, and why:");
    skips.forEach((reason, count) ->
        table.append(String.format(Locale.ROOT, "  %,d %s", count, reason.replace('_', ' '))));
    table.append(
        String.format(
            Locale.ROOT,
            "%n  %,d contacts had quiet hours when it started: %,d got their mail before they ended, %,d after.%n",
            quiet.contacts(),
            quiet.before(),
            quiet.after()));
    table.append('\n').append(abTest.table()).append(presses.line());
    return table.toString();
  }

  private static void append(StringBuilder table, String name, Map<String, Long> row) {
    table.append("%n  %-10s".formatted(name));
    ENDS.forEach(end -> table.append(String.format(Locale.ROOT, "%,10d", row.get(end))));
  }

  /** One JSON object on one line. */
  String json() {
    Map<String, Object> json = new LinkedHashMap<>(counts);
    json.put("retried", retried);
    json.put("duplicates", duplicates);
    json.put("provider_recipients", providerRecipients);
    json.put("seconds", Math.round(seconds * 10) / 10.0);
    json.put("channels", channels);
    json.put("skips", skips);
    json.put("quiet", Map.of("before", quiet.before(), "after", quiet.after()));
    json.put("ab_test", abTest.json());
    json.put("presses", presses.json());
    return JsonMapper.builder().build().writeValueAsString(json);
  }
}
