package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.client.RestClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code demo} with a small audience. */
class DemoTest {

  private static final int CONTACTS = 1_500;
  private static final List<String> ENDS =
      List.of("sent", "failed", "dead", "in_doubt", "skipped", "cancelled");

  private final SharedStack shared = SharedStack.get();
  private final RestClient simulators = new RestClient(shared.stack().mailboxUrl(), "none");

  @AfterEach
  void calm() {
    shared.simulators().reset();
  }

  @Test
  void provesItsBroadcastInOneLineAndLeavesTheProvidersAsTheyWere() {
    simulators.put("/simulator/faults", Map.of("email", Map.of("stall_share", 0.01)));
    JsonNode faults = simulators.get("/simulator/faults");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream people = new ByteArrayOutputStream();
    Demo demo =
        new Demo(
            StackFile.read(shared.folder()).orElseThrow(),
            shared.stack().keys(),
            new Console(print(people), false),
            print(out),
            CONTACTS);

    assertThat(demo.run(true)).as(() -> "exit status after " + people).isZero();

    JsonNode result = JsonMapper.builder().build().readTree(lastLine(out));
    assertThat(result.propertyNames())
        .containsExactlyInAnyOrder(
            "planned",
            "sent",
            "failed",
            "dead",
            "in_doubt",
            "skipped",
            "cancelled",
            "retried",
            "duplicates",
            "provider_recipients",
            "seconds",
            "channels",
            "skips",
            "quiet",
            "ab_test",
            "presses");
    assertThat(result.get("planned").asLong()).isEqualTo(2 * CONTACTS).isEqualTo(ends(result));
    assertThat(result.get("duplicates").asLong()).isZero();
    assertThat(result.get("provider_recipients").asLong())
        .isEqualTo(result.get("sent").asLong())
        .isPositive();
    JsonNode channels = result.get("channels");
    assertThat(channels.propertyNames()).containsExactlyInAnyOrder("email", "telegram");
    for (JsonNode channel : channels) {
      assertThat(channel.get("planned").asLong()).isEqualTo(CONTACTS).isEqualTo(ends(channel));
    }
    assertThat(result.at("/skips/opted_out").asLong()).isEqualTo(DemoPreferences.EACH);
    assertThat(result.at("/skips/over_cap").asLong()).isBetween(1L, (long) DemoPreferences.EACH);
    assertThat(result.at("/quiet/before").asLong()).isZero();
    // Of some the provider refuses the address.
    assertThat(result.at("/quiet/after").asLong())
        .isBetween(DemoPreferences.EACH / 2L, (long) DemoPreferences.EACH);
    JsonNode abTest = result.get("ab_test");
    assertThat(abTest.propertyNames())
        .containsExactlyInAnyOrder(
            "metric", "variants", "p_value", "interval", "winner", "decided_by");
    assertThat(abTest.get("winner").asString()).isEqualTo("b");
    assertThat(abTest.get("decided_by").asString()).isEqualTo("winner");
    assertThat(abTest.get("p_value").asDouble()).isLessThan(0.05);
    assertThat(result.at("/presses/counted").asLong())
        .isEqualTo(result.at("/presses/recipients_own_count").asLong())
        .isBetween(CONTACTS / 25L, CONTACTS / 6L);
    assertThat(people.toString(StandardCharsets.UTF_8))
        .contains("That is what the ledger says.", "mailbox   " + shared.stack().mailboxUrl());
    assertThat(simulators.get("/simulator/faults")).isEqualTo(faults);
  }

  @Test
  void saysSoWhenTheProvidersAndTheLedgerDisagree() {
    Map<String, Long> counts =
        Map.of(
            "planned",
            4L,
            "sent",
            3L,
            "failed",
            1L,
            "dead",
            0L,
            "in_doubt",
            0L,
            "skipped",
            0L,
            "cancelled",
            0L);
    assertThat(result(counts, 0, 3).proven()).isTrue();
    assertThat(result(counts, 1, 3).proven()).as("one twice").isFalse();
    assertThat(result(counts, 0, 2).proven()).as("one never arrived").isFalse();
    assertThat(result(counts, 0, 2).table()).contains("THE LEDGER SAYS OTHERWISE.");
    assertThat(result(counts, 0, 3, 6).proven()).as("a click that was not counted").isFalse();
    assertThat(result(counts, 0, 3, 6).table()).contains("IT DIFFERS.");
    assertThat(result(counts, 0, 3, 5, new DemoPreferences.Quiet(2, 1, 1)).proven())
        .as("one in quiet hours")
        .isFalse();
    DemoPresses.Presses oneLost = new DemoPresses.Presses(6, 7, 0);
    assertThat(result(counts, 0, 3, 5, new DemoPreferences.Quiet(2, 0, 2), oneLost).proven())
        .as("a press that was not counted")
        .isFalse();
    Map<String, Long> oneMissing = new java.util.HashMap<>(counts);
    oneMissing.put("failed", 0L);
    assertThat(result(oneMissing, 0, 3).proven()).as("one without an end").isFalse();
  }

  private static DemoResult result(Map<String, Long> counts, long duplicates, long recipients) {
    return result(counts, duplicates, recipients, 5);
  }

  private static DemoResult result(
      Map<String, Long> counts, long duplicates, long recipients, long clicks) {
    return result(counts, duplicates, recipients, clicks, new DemoPreferences.Quiet(2, 0, 2));
  }

  private static DemoResult result(
      Map<String, Long> counts,
      long duplicates,
      long recipients,
      long clicks,
      DemoPreferences.Quiet quiet) {
    return result(counts, duplicates, recipients, clicks, quiet, new DemoPresses.Presses(7, 7, 0));
  }

  private static DemoResult result(
      Map<String, Long> counts,
      long duplicates,
      long recipients,
      long clicks,
      DemoPreferences.Quiet quiet,
      DemoPresses.Presses presses) {
    AbTestResult abTest =
        new AbTestResult(
            "click",
            List.of(
                new AbTestResult.Variant("a", "A", 10, 1, 0, 1),
                new AbTestResult.Variant("b", "B", 10, 3, 2, clicks)),
            0.01,
            0.1,
            0.3,
            "b",
            "winner",
            0);
    return new DemoResult(
        counts,
        Map.of("email", counts),
        0,
        duplicates,
        recipients,
        Map.of(),
        quiet,
        abTest,
        presses,
        1.5);
  }

  private static long ends(JsonNode counts) {
    return ENDS.stream().mapToLong(end -> counts.get(end).asLong()).sum();
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String lastLine(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList().getLast();
  }
}
