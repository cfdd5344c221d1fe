package io.fanfare.dispatch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShutOutPolicyTest {

  private static final UUID TENANT = new UUID(1, 1);
  private static final UUID ACCOUNT = new UUID(1, 2);
  private static final Instant AT = Instant.parse("2026-11-28T10:00:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"bot_blocked", "user_deactivated"})
  void whoShutTheBotOutSaysSoWhetherOrNotAnotherChannelIsLeft(String cause) {
    ContactSignal signal =
        ShutOutPolicy.signal(entry(Channel.TELEGRAM, "42", 1, Outcome.FAILED, cause));
    assertThat(signal)
        .isEqualTo(
            new ContactSignal(
                signal.eventId(),
                ContactSignal.Kind.BLOCKED,
                TENANT,
                ACCOUNT,
                Channel.TELEGRAM,
                "42",
                null,
                AT));
    assertThat(ShutOutPolicy.signal(entry(Channel.TELEGRAM, "42", 2, Outcome.FELL_BACK, cause)))
        .as("a later issue is the same signal")
        .isEqualTo(signal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat_not_found", "chat_not_started", "bot_removed", "forbidden"})
  void whatMayBeTheAccountsOwnFaultOptsNobodyOut(String cause) {
    assertThat(ShutOutPolicy.signal(entry(Channel.TELEGRAM, "42", 1, Outcome.FAILED, cause)))
        .isNull();
  }

  @Test
  void otherChannelsAndEndsWithoutACauseSayNothing() {
    assertThat(
            ShutOutPolicy.signal(
                entry(Channel.EMAIL, "a@example.org", 1, Outcome.FAILED, "bot_blocked")))
        .isNull();
    assertThat(ShutOutPolicy.signal(entry(Channel.TELEGRAM, "42", 1, Outcome.SENT, null))).isNull();
  }

  private static LedgerEntry entry(
      Channel channel, String address, int issue, Outcome outcome, String cause) {
    SendMessage command =
        new SendMessage(
            TENANT,
            new UUID(1, 3),
            7,
            channel,
            issue,
            1,
            Bucket.IN_FLIGHT,
            false,
            LocalDate.EPOCH,
            new Lane(ACCOUNT, 0),
            "a",
            1,
            address,
            AT,
            Map.of(),
            null,
            null);
    return new LedgerEntry(
        command,
        outcome,
        AT,
        cause == null ? null : new Cause(cause, "as the provider said", "403"),
        null,
        null,
        null,
        0,
        false,
        (settled, recorded) -> {});
  }
}
