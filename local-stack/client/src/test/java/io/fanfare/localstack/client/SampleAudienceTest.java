package io.fanfare.localstack.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleAudienceTest {

  private final List<Map<String, Object>> contacts = SampleAudience.contacts(0, 10_000);

  @Test
  void isTheSameEveryTime() {
    assertThat(SampleAudience.contacts(0, 10_000)).isEqualTo(contacts);
    assertThat(SampleAudience.contacts(500, 1)).containsExactly(contacts.get(500));
  }

  @Test
  void hasContactsOfEveryReach() {
    assertThat(share(true, true)).isBetween(0.43, 0.47);
    assertThat(share(true, false)).isBetween(0.28, 0.32);
    assertThat(share(false, true)).isBetween(0.18, 0.22);
    assertThat(share(false, false)).isBetween(0.04, 0.06);
  }

  @Test
  void isSpreadOverCountriesLanguagesTimeZonesAndRoles() {
    for (String field : List.of("country", "language", "time_zone", "roles")) {
      assertThat(contacts.stream().map(contact -> contact.get(field)).distinct().count())
          .as(field)
          .isGreaterThanOrEqualTo(4);
    }
  }

  private double share(boolean email, boolean telegram) {
    return contacts.stream()
            .filter(contact -> contact.containsKey("email") == email)
            .filter(contact -> contact.containsKey("telegram_chat_id") == telegram)
            .count()
        / (double) contacts.size();
  }
}
