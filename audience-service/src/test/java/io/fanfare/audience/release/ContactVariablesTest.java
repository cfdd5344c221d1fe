package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContactVariablesTest {

  @Test
  void selectsOnlyWhatIsUsed() {
    assertThat(selected("contact.name", "contact.id", "vars.x", "current_date"))
        .isEqualTo(", name");
    assertThat(selected("contact.custom.city", "contact.custom.a.b")).isEqualTo(", custom");
    assertThat(selected()).isEmpty();
  }

  @Test
  void namesThatAreNoFieldNeverReachTheStatement() {
    assertThat(selected("contact.tenant_id", "contact.name, version", "contact.x) --")).isEmpty();
  }

  @Test
  void theWholeContactIsEveryField() {
    assertThat(selected("contact")).contains(", name", ", email", ", tags", ", custom");
  }

  private static String selected(String... variables) {
    return new ContactVariables(List.of(variables)).selected();
  }
}
