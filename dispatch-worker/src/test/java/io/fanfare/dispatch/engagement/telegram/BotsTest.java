package io.fanfare.dispatch.engagement.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BotsTest {

  private static final UUID TENANT = new UUID(1, 1);

  @Test
  void accountsOfOneTokenAreOneBotWhoeverTheyAreOf() {
    var first = account(1, TENANT, "42:a", "off");
    var second = account(2, new UUID(2, 2), "42:a", "poll");
    var third = account(3, TENANT, "42:a", "webhook");
    Bot bot = one(Bots.of(List.of(third, second, first)));
    assertThat(bot.account()).isEqualTo(second);
    assertThat(bot.accounts()).containsExactly(first, second, third);
    assertThat(bot.ofEachTenant()).containsExactly(first, second);
    assertThat(bot.id()).isEqualTo("api.telegram.org:443/42");
    assertThat(bot.key()).startsWith(bot.id()).doesNotContain("42:a");
  }

  @Test
  void whoOnlyKnowsTheNumberOfABotHasAnother() {
    var real = account(2, TENANT, "42:a", "poll");
    var fake = account(1, new UUID(2, 2), "42:b", "poll");
    assertThat(Bots.of(List.of(real, fake))).hasSize(2);
  }

  @Test
  void nobodyAsksForABotWhoseUpdatesAreOffOrThatMakesNoSense() {
    assertThat(
            Bots.of(
                List.of(
                    account(1, TENANT, "42:a", "off"),
                    account(2, TENANT, "nonsense", "poll"),
                    account(3, TENANT, "", "poll"))))
        .isEmpty();
  }

  private static Bot one(Map<String, Bot> bots) {
    assertThat(bots).hasSize(1);
    return bots.values().iterator().next();
  }

  private static OpenedAccount account(long id, UUID tenant, String token, String updates) {
    return new OpenedAccount(
        new UUID(0, id),
        tenant,
        Channel.TELEGRAM,
        1,
        30,
        Map.of("updates", updates),
        Map.of("token", token));
  }
}
