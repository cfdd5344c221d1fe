package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.RecipientLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DomainLimitTableTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DomainLimitTable limits = new DomainLimitTable();
  private final UUID id = UUID.randomUUID();

  @Test
  void aNamedDomainHasItsOwnAndEveryOtherTheDefaultByItself() {
    OpenedAccount account = account(1, Map.of("domain_limits", "*=50 gmail.com=20"));
    assertThat(limits.of(account, "Ada@GMail.com."))
        .containsExactly(new RecipientLimit("gmail.com", 20, SECOND));
    assertThat(limits.of(account, "bob@example.org"))
        .containsExactly(new RecipientLimit("example.org", 50, SECOND));
  }

  @Test
  void withoutADefaultOthersAreNotLimited() {
    assertThat(limits.of(account(1, Map.of("domain_limits", "gmail.com=20")), "a@b.example"))
        .isEmpty();
    assertThat(limits.of(account(1, Map.of()), "a@gmail.com")).isEmpty();
  }

  @Test
  void anotherVersionOfTheAccountCountsAtOnce() {
    limits.of(account(1, Map.of("domain_limits", "gmail.com=20")), "a@gmail.com");
    assertThat(limits.of(account(2, Map.of("domain_limits", "gmail.com=7")), "a@gmail.com"))
        .isEqualTo(List.of(new RecipientLimit("gmail.com", 7, SECOND)));
  }

  private OpenedAccount account(long version, Map<String, String> settings) {
    return new OpenedAccount(id, UUID.randomUUID(), Channel.EMAIL, version, 0, settings, Map.of());
  }
}
