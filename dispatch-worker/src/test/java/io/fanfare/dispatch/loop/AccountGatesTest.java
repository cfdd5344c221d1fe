package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccountGatesTest {

  private static final int ALL = 256;

  private final AccountGates gates = new AccountGates(ALL * 3 / 4);
  private final FakeProvider sender = new FakeProvider(Channel.EMAIL);
  private int underWay;

  /** Takes what the account may have, turn after turn, and none of it is ever answered. */
  private int hang(UUID account) {
    return hang(account, false);
  }

  private int hang(UUID account, boolean keepReserve) {
    int all = 0;
    for (int room = room(account, keepReserve); room > 0; room = room(account, keepReserve)) {
      gates.batchBegins(account, room);
      // Connections are another bound.
      gates.batchEnds(account, 0);
      underWay += room;
      all += room;
    }
    return all;
  }

  private int room(UUID account) {
    return room(account, false);
  }

  private int room(UUID account, boolean keepReserve) {
    return gates.room(account, sender, ALL - underWay, 0, 0, keepReserve);
  }

  @Test
  void anAccountThatIsAloneMayTakeThreeQuarters() {
    assertThat(hang(UUID.randomUUID())).isEqualTo(192);
  }

  @Test
  void howeverManyHangTheNextFindsRoom() {
    hang(UUID.randomUUID());
    for (int hung = 2; hung <= 6; hung++) {
      assertThat(hang(UUID.randomUUID())).as("account %d", hung).isPositive();
      assertThat(room(UUID.randomUUID())).as("beside %d accounts", hung).isPositive();
    }
  }

  @Test
  void twoThatComeTogetherLeaveRoomForAThird() {
    int first = gates.room(UUID.randomUUID(), sender, ALL - 50 - 50, 50, 50, false);
    assertThat(first).isBetween(50, 60);
    assertThat(gates.room(UUID.randomUUID(), sender, ALL - 100 - 86, 100, 86, false)).isZero();
  }

  @Test
  void whoWasAloneGetsNothingMoreUntilTheOthersHaveAsMuch() {
    UUID first = UUID.randomUUID();
    hang(first);
    UUID second = UUID.randomUUID();
    assertThat(room(second)).isEqualTo(32);
    gates.batchBegins(second, 32);
    underWay += 32;
    gates.batchEnds(first, 10);
    underWay -= 10;
    assertThat(room(first)).isZero();
    assertThat(room(second)).isPositive();
  }

  @Test
  void broadcastsLeaveMessagesAFifthOfWhatTheirAccountMayHaveAloneOrBesideOthers() {
    UUID first = UUID.randomUUID();
    assertThat(hang(first, true)).isEqualTo(192 - 38);
    assertThat(room(first)).isEqualTo(38);
    UUID second = UUID.randomUUID();
    assertThat(hang(second, true)).isEqualTo(51 - 10);
    assertThat(room(second, true)).isZero();
    assertThat(room(second)).isEqualTo(10);
  }
}
