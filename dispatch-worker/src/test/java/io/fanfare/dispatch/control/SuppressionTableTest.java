package io.fanfare.dispatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SuppressionTableTest {

  private static final UUID TENANT = UUID.randomUUID();
  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final Suppression EVERYWHERE = new Suppression(null, Suppression.OPTED_OUT, START);
  private static final Suppression BY_EMAIL =
      new Suppression(Channel.EMAIL, Suppression.OPTED_OUT, START);

  private final SuppressionTable table = new SuppressionTable(100);

  @Test
  void coversNothingBeforeItBegins() {
    assertThat(table.coveredFrom()).isEqualTo(Instant.MAX);
    assertThat(table.begin(START)).isEqualTo(START.minus(Duration.ofMinutes(15)));
    assertThat(table.coveredFrom()).isEqualTo(START.minus(Duration.ofMinutes(10)));
  }

  @Test
  void theNewestRecordOfAContactSaysAllOfIt() {
    accept(1, 1, START, EVERYWHERE);
    accept(2, 1, START, BY_EMAIL);
    assertThat(table.find(1, Channel.TELEGRAM, null)).isEqualTo("opted_out");
    assertThat(table.find(2, Channel.EMAIL, null)).isEqualTo("opted_out");
    assertThat(table.find(2, Channel.TELEGRAM, null)).isNull();
    assertThat(table.find(3, Channel.EMAIL, null)).isNull();
    accept(1, 2, START);
    assertThat(table.find(1, Channel.EMAIL, null)).isNull();
  }

  @Test
  void oneOfACategoryStopsNoOther() {
    var news = new Suppression(null, Suppression.OPTED_OUT_OF_CATEGORY, START, "news");
    accept(1, 1, START, news);
    accept(2, 1, START, new Suppression(Channel.EMAIL, "opted_out_of_category", START, "news"));
    accept(3, 1, START, news, BY_EMAIL);
    assertThat(table.find(1, Channel.EMAIL, "news")).isEqualTo("opted_out_of_category");
    assertThat(table.find(1, Channel.EMAIL, "offers")).isNull();
    assertThat(table.find(1, Channel.EMAIL, null)).isNull();
    assertThat(table.find(2, Channel.EMAIL, "news")).isNotNull();
    assertThat(table.find(2, Channel.TELEGRAM, "news")).isNull();
    assertThat(table.find(3, Channel.EMAIL, "offers")).isEqualTo("opted_out");
    assertThat(table.find(3, Channel.TELEGRAM, "news")).isEqualTo("opted_out_of_category");
  }

  @Test
  void aChangeWithManySuppressionsTakesTheRoomOfAsMany() {
    table.begin(START);
    accept(1, 1, START, EVERYWHERE);
    accept(2, 1, START, java.util.Collections.nCopies(60, BY_EMAIL).toArray(Suppression[]::new));
    accept(3, 1, START, java.util.Collections.nCopies(39, BY_EMAIL).toArray(Suppression[]::new));
    assertThat(table.size()).isEqualTo(3);
    accept(4, 1, START);
    assertThat(table.find(1, Channel.EMAIL, null)).isNull();
    accept(5, 1, START, EVERYWHERE, BY_EMAIL);
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.find(2, Channel.EMAIL, null)).isNull();
  }

  @Test
  void anOldRecordThatComesAgainChangesNothing() {
    accept(1, 1, START);
    accept(1, 2, START, EVERYWHERE);
    accept(1, 1, START);
    assertThat(table.find(1, Channel.EMAIL, null)).isEqualTo("opted_out");
  }

  @Test
  void whatNobodyCanReadIsASuppressionUntilTheNextChange() {
    accept(1, 4, START);
    table.acceptUnreadable(1, START.plusSeconds(1), START.plusSeconds(1));
    assertThat(table.find(1, Channel.EMAIL, null)).isEqualTo("unreadable");
    accept(1, 5, START.plusSeconds(2));
    assertThat(table.find(1, Channel.EMAIL, null)).isNull();
  }

  @Test
  void forgetsAfterFifteenMinutesWhatWasCheckedAtAnyReleaseFiveMinutesLater() {
    table.begin(START);
    accept(1, 1, START, EVERYWHERE);
    accept(2, 1, START.plus(Duration.ofMinutes(15)), EVERYWHERE);
    assertThat(table.find(1, Channel.EMAIL, null)).isNotNull();
    accept(2, 2, START.plus(Duration.ofMinutes(16)), EVERYWHERE);
    assertThat(table.find(1, Channel.EMAIL, null)).isNull();
    assertThat(table.find(2, Channel.EMAIL, null)).isNotNull();
    assertThat(table.coveredFrom()).isEqualTo(START.plus(Duration.ofMinutes(5)));
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void aFullMemoryForgetsTheEldestAndSaysWhichCommandsItCannotJudge() {
    table.begin(START);
    for (int i = 0; i < 150; i++) {
      accept(i, 1, START.plusSeconds(i), EVERYWHERE);
    }
    assertThat(table.size()).isEqualTo(100);
    assertThat(table.find(49, Channel.EMAIL, null)).isNull();
    assertThat(table.find(50, Channel.EMAIL, null)).isNotNull();
    assertThat(table.coveredFrom()).isEqualTo(START.plusSeconds(49).plus(Duration.ofMinutes(5)));
  }

  @Test
  void oneContactThatChangesItsMindTakesNoMoreThanTheBound() {
    table.begin(START);
    accept(1, 1, START, EVERYWHERE);
    for (int i = 0; i < 500; i++) {
      accept(2, i, START.plusSeconds(1), EVERYWHERE);
    }
    assertThat(table.size()).isEqualTo(100);
    assertThat(table.find(2, Channel.EMAIL, null)).isNotNull();
    // Of those forgotten only the first was the last word about its contact.
    assertThat(table.coveredFrom()).isEqualTo(START.plus(Duration.ofMinutes(5)));
  }

  private void accept(long contact, long version, Instant at, Suppression... suppressions) {
    table.accept(
        new ContactSuppression(TENANT, contact, version, List.of(suppressions), at), at, at);
  }
}
