package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandDecisionTest {

  private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
  private static final UUID ID = UUID.randomUUID();

  @Test
  void sendsWhatIsRunningOrWasOrderedAfterTheEnd() {
    assertThat(decide(BroadcastState.RUNNING, 60, "a@b")).isEqualTo(CommandDecision.SEND);
    assertThat(decide(BroadcastState.COMPLETED, 60, "a@b")).isEqualTo(CommandDecision.SEND);
  }

  @Test
  void waitsForTheEpochTheCommandCarries() {
    assertThat(decide(command(60, 6, "a@b"), control(BroadcastState.RUNNING)))
        .isEqualTo(CommandDecision.WAIT);
    assertThat(decide(command(60, 6, "a@b"), null)).isEqualTo(CommandDecision.WAIT);
  }

  @Test
  void givesUpWaitingWhenTheReleaseIsTooOld() {
    assertThat(decide(command(601, 6, "a@b"), null)).isEqualTo(CommandDecision.STALE);
  }

  @Test
  void returnsWhatIsPausedOrStale() {
    assertThat(decide(BroadcastState.PAUSED, 60, "a@b")).isEqualTo(CommandDecision.PAUSED);
    assertThat(decide(BroadcastState.RUNNING, 601, "a@b")).isEqualTo(CommandDecision.STALE);
  }

  @Test
  void returnsWhatWouldBeSentInQuietHours() {
    SendMessage begun = sendBefore(NOW);
    assertThat(decide(begun, control(BroadcastState.RUNNING))).isEqualTo(CommandDecision.QUIET);
    assertThat(decide(begun, control(BroadcastState.CANCELLED)))
        .isEqualTo(CommandDecision.CANCELLED);
    assertThat(decide(sendBefore(NOW.plusMillis(1)), control(BroadcastState.RUNNING)))
        .isEqualTo(CommandDecision.SEND);
  }

  private static SendMessage sendBefore(Instant then) {
    SendMessage command = command(60, 5, "a@b");
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        command.address(),
        command.releasedAt(),
        command.data(),
        null,
        null,
        null,
        null,
        then);
  }

  @Test
  void cancellingEndsEvenStaleAndAddresslessOnes() {
    assertThat(decide(BroadcastState.CANCELLED, 601, null)).isEqualTo(CommandDecision.CANCELLED);
    assertThat(decide(BroadcastState.FAILED, 60, "a@b")).isEqualTo(CommandDecision.CANCELLED);
  }

  @Test
  void cancellingLeavesADoubtADoubt() {
    assertThat(CommandDecision.cancelled(Bucket.IN_DOUBT).outcome()).isEqualTo(Outcome.IN_DOUBT);
    assertThat(CommandDecision.cancelled(Bucket.RETRYING).outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void skipsAContactThatHasLostItsAddress() {
    assertThat(decide(BroadcastState.RUNNING, 60, null)).isEqualTo(CommandDecision.NO_ADDRESS);
  }

  @Test
  void skipsWhoMustNotBeSentTo() {
    var found = suppressed(command(60, 5, null), "opted_out");
    assertThat(decide(found, control(BroadcastState.RUNNING)))
        .isEqualTo(CommandDecision.suppressed("opted_out"));
    assertThat(decide(found, control(BroadcastState.CANCELLED)))
        .isEqualTo(CommandDecision.CANCELLED);
    assertThat(unlessSuppressed(60, "opted_out", NOW.minusSeconds(600)))
        .isEqualTo(CommandDecision.suppressed("opted_out"));
    assertThat(unlessSuppressed(60, null, NOW.minusSeconds(600))).isEqualTo(CommandDecision.SEND);
  }

  @Test
  void returnsWhoseSuppressionsMayBeForgottenOnceThatHelps() {
    assertThat(unlessSuppressed(60, null, NOW.minusSeconds(60))).isEqualTo(CommandDecision.SEND);
    assertThat(unlessSuppressed(61, null, NOW.minusSeconds(60))).isEqualTo(CommandDecision.STALE);
    assertThat(unlessSuppressed(60, null, NOW.plusSeconds(1))).isEqualTo(CommandDecision.WAIT);
  }

  private static CommandDecision unlessSuppressed(
      int ageSeconds, @Nullable String code, Instant coveredFrom) {
    return CommandDecision.unlessSuppressed(command(ageSeconds, 5, "a@b"), code, coveredFrom, NOW);
  }

  private static SendMessage suppressed(SendMessage command, String code) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        command.address(),
        command.releasedAt(),
        command.data(),
        code,
        null);
  }

  private static CommandDecision decide(
      BroadcastState state, int ageSeconds, @Nullable String address) {
    return decide(command(ageSeconds, 5, address), control(state));
  }

  private static CommandDecision decide(SendMessage command, @Nullable BroadcastControl control) {
    return CommandDecision.decide(command, control, NOW, Duration.ofMinutes(10));
  }

  private static SendMessage command(int ageSeconds, long epoch, @Nullable String address) {
    return new SendMessage(
        ID,
        ID,
        1,
        Channel.EMAIL,
        1,
        1,
        Bucket.IN_FLIGHT,
        false,
        LocalDate.of(2026, 5, 1),
        new Lane(ID, 0),
        "a",
        epoch,
        address,
        NOW.minusSeconds(ageSeconds),
        Map.of());
  }

  private static BroadcastControl control(BroadcastState state) {
    return new BroadcastControl(
        ID,
        ID,
        "name",
        5,
        state,
        ID,
        List.of(),
        DeliveryPolicy.NEVER_TWICE,
        SendClass.BULK,
        LocalDate.of(2026, 5, 1),
        List.of(),
        Map.of(),
        NOW);
  }
}
