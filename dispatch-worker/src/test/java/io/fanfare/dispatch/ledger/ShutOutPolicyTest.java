package io.fanfare.dispatch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSignal.Refusal;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(ShutOutPolicy.signal(entry(Channel.TELEGRAM, "42", 1, Outcome.SENT, (Cause) null)))
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mailbox_unknown  | 5.1.1  | 550 5.1.1 no such user      | 5.1.1",
        "mailbox_unknown  | 5.1.6  | 550 5.1.6 has moved         | 5.1.6",
        "domain_unknown   | 5.1.10 | 556 5.1.10 null MX          | 5.1.10",
        "invalid_address  | 5.1.3  | 501 5.1.3 bad address       | 5.1.3",
        "mailbox_disabled | 5.2.1  | 550 5.2.1 disabled          | 5.2.1",
        "mailbox_unknown  | 550    | 550 no such user            |",
        "invalid_address  | 553    | 553 bad address             |",
      })
  void whomTheMailSystemDoesNotKnowIsUnreachable(
      String code, String provider, String words, String status) {
    Cause cause = new Cause(code, words, provider);
    ContactSignal signal = ShutOutPolicy.signal(refused(1, Outcome.FAILED, cause));
    assertThat(signal)
        .isEqualTo(
            new ContactSignal(
                signal.eventId(),
                ContactSignal.Kind.UNREACHABLE,
                TENANT,
                ACCOUNT,
                Channel.EMAIL,
                "ada@example.org",
                7L,
                AT,
                new Refusal(new UUID(1, 3), status, words)));
    assertThat(ShutOutPolicy.signal(refused(2, Outcome.FELL_BACK, cause)))
        .as("whether or not another channel is left, and at a later issue")
        .isEqualTo(signal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "policy_refused    | 5.7.1 | 550 5.7.1 looks like spam",
        "message_too_large | 5.3.4 | 552 5.3.4 too big",
        "message_refused   | 5.6.0 | 554 5.6.0 bad content",
        "mailbox_full      | 5.2.2 | 552 5.2.2 over quota",
        "refused           | 554   | 554 transaction failed",
        "mailbox_unknown   | 550   | 550 blocked by our policy",
        "mailbox_unknown   | 5.1.8 | 550 5.1.8 sender's domain not found",
        "mailbox_unknown   | 5.1.0 | 550 5.1.0 Sender address rejected",
        "mailbox_full      | 552   | 552 over quota, ask 550",
        // To the body, of which nobody knows any more what it is about.
        "message_refused   | 550   | 550 no such user",
        // Found here, and told by no server.
        "invalid_address   |       | no e-mail address",
      })
  void whatIsNotTheAddresssFaultIsNotHeldAgainstIt(String code, String provider, String words) {
    Cause cause = new Cause(code, words, provider);
    assertThat(ShutOutPolicy.signal(refused(1, Outcome.FAILED, cause))).isNull();
  }

  @Test
  void whatMayYetArriveIsNotUnreachable() {
    Cause cause = new Cause("try_later", "450 4.1.1 unknown for now", "4.1.1");
    for (Outcome outcome : List.of(Outcome.RETRYING, Outcome.DEAD, Outcome.FELL_BACK)) {
      assertThat(ShutOutPolicy.signal(refused(1, outcome, cause))).isNull();
    }
    Cause unknown = new Cause("mailbox_unknown", "550 5.1.1 no such user", "5.1.1");
    assertThat(ShutOutPolicy.signal(refused(1, Outcome.IN_DOUBT, unknown))).isNull();
  }

  private static LedgerEntry refused(int issue, Outcome outcome, Cause cause) {
    return entry(Channel.EMAIL, "ada@example.org", issue, outcome, cause);
  }

  private static LedgerEntry entry(
      Channel channel, String address, int issue, Outcome outcome, String cause) {
    return entry(channel, address, issue, outcome, new Cause(cause, "as the provider said", "403"));
  }

  private static LedgerEntry entry(
      Channel channel, String address, int issue, Outcome outcome, Cause cause) {
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
        command, outcome, AT, cause, null, null, null, 0, false, (settled, recorded) -> {});
  }
}
