package io.fanfare.benchmark.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.benchmark.crash.ContactRule.Hours;
import io.fanfare.benchmark.crash.Figures.Taken;
import io.fanfare.benchmark.crash.RuleFigures.OfBroadcast;
import io.fanfare.benchmark.crash.RuleFigures.OptOut;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each figure turns red for what it is there for, over all broadcasts, and for nothing else. */
class RuleCheckerTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final long AT = NOON.getEpochSecond() * SECOND;
  private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");
  private static final Recipient MAIL = new Recipient("email", "ada@example.com");
  private static final Recipient CHAT = new Recipient("telegram", "7");

  private final Map<Integer, ContactRule> rules = new HashMap<>();
  private final List<OptOut> optOuts = new ArrayList<>();
  private final Sent first = new Sent();
  private final Sent second = new Sent();

  @Test
  void holdsWhileNobodyGetsTooMany() {
    rule(2, null);
    first.take(MAIL, 1, AT);
    second.take(CHAT, 1, AT);
    assertThat(check()).isEqualTo(RuleVerdict.NONE);
    assertThat(check().held()).isTrue();
  }

  @Test
  void countsTheMessagesOfAllBroadcastsAndChannelsAgainstTheCap() {
    rule(2, null);
    first.take(MAIL, 1, AT);
    first.take(CHAT, 1, AT);
    second.take(MAIL, 2, AT);
    assertThat(check().capViolations()).isEqualTo(2);
    assertThat(check().held()).isFalse();
  }

  @Test
  void countsWhatArrivesInTheQuietHoursOfTheContactsOwnZone() {
    // Noon in London is 17:30 there.
    rule(9, new Hours(LocalTime.of(17, 30), LocalTime.of(17, 31)));
    first.take(MAIL, 1, AT - 1);
    first.take(CHAT, 1, AT);
    second.take(MAIL, 1, AT + 60 * SECOND - 1);
    second.take(CHAT, 1, AT + 60 * SECOND);
    assertThat(check().quietViolations()).isEqualTo(2);
  }

  @Test
  void quietHoursMayGoOverMidnight() {
    rule(9, new Hours(LocalTime.of(23, 0), LocalTime.of(17, 31)));
    first.take(MAIL, 1, AT);
    first.take(CHAT, 1, AT + Duration.ofHours(5).toNanos());
    second.take(CHAT, 1, AT + Duration.ofHours(8).toNanos());
    assertThat(check().quietViolations()).isEqualTo(2);
  }

  @Test
  void countsWhatArrivesLaterThanASecondAfterAnOptOutOfItsChannel() {
    rule(9, null);
    optOuts.add(new OptOut(1, "email", AT - SECOND, AT));
    first.take(MAIL, 1, AT + SECOND);
    second.take(MAIL, 1, AT + SECOND + 1);
    second.take(CHAT, 1, AT + 60 * SECOND);
    assertThat(check().optOutViolations()).isEqualTo(1);
    optOuts.add(new OptOut(1, null, AT, AT));
    assertThat(check().optOutViolations()).isEqualTo(2);
  }

  @Test
  void blamesNobodyForASendOfAStoppedProcess() {
    rule(9, new Hours(LocalTime.of(17, 0), LocalTime.of(18, 0)));
    optOuts.add(new OptOut(1, null, AT - 9 * SECOND, AT - 9 * SECOND));
    first.take(MAIL, 1, AT);
    first.stoppedLate.add(MAIL);
    assertThat(check()).isEqualTo(RuleVerdict.NONE);
  }

  @Test
  void explainsEachSkipByARuleThatHolds() {
    rule(1, null);
    first.handedOver.add(CHAT);
    second.skipped.put(MAIL, "over_cap");
    second.skipped.put(CHAT, "opted_out");
    assertThat(check().skippedWithoutReason()).isEqualTo(1);
    optOuts.add(new OptOut(1, "telegram", AT, Long.MAX_VALUE));
    assertThat(check().held()).isTrue();
    assertThat(check().skips()).isEqualTo(Map.of("over_cap", 1L, "opted_out", 1L));
    rule(2, null);
    assertThat(check().skippedWithoutReason()).isEqualTo(1);
    second.skipped.put(CHAT, "no_address");
    assertThat(check().skippedWithoutReason()).isEqualTo(2);
  }

  @Test
  void explainsASkipByARefusalOfAnotherMessageToTheSameAddress() {
    rule(9, null);
    second.skipped.put(MAIL, "suppressed");
    second.skipped.put(CHAT, "opted_out");
    assertThat(check().skippedWithoutReason()).isEqualTo(2);
    first.refused.add(MAIL);
    assertThat(check().skippedWithoutReason()).isEqualTo(1);
    first.refused.add(CHAT);
    assertThat(check().held()).isTrue();
    // Who has no mailbox has asked for nothing.
    second.skipped.put(MAIL, "opted_out");
    assertThat(check().skippedWithoutReason()).isEqualTo(1);
  }

  private void rule(int cap, Hours quiet) {
    rules.put(1, new ContactRule(cap, quiet, ZONE));
  }

  private RuleVerdict check() {
    return RuleChecker.check(
        new RuleFigures(
            Map.of(MAIL, 1, CHAT, 1), rules, optOuts, List.of(first.figures(), second.figures())));
  }

  private static final class Sent {

    private final Map<Recipient, Taken> taken = new HashMap<>();
    private final Set<Recipient> stoppedLate = new HashSet<>();
    private final Map<Recipient, String> skipped = new HashMap<>();
    private final Set<Recipient> handedOver = new HashSet<>();
    private final Set<Recipient> refused = new HashSet<>();

    void take(Recipient who, int count, long at) {
      taken.put(who, new Taken(count, at, at));
    }

    OfBroadcast figures() {
      return new OfBroadcast(taken, stoppedLate, skipped, handedOver, refused);
    }
  }
}
