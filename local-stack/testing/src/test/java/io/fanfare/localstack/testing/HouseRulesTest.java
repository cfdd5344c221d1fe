package io.fanfare.localstack.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.retry.fixture.LedgerDecision;
import io.fanfare.retry.fixture.WaitingPolicy;
import org.junit.jupiter.api.Test;

class HouseRulesTest {

  private final JavaClasses offenders =
      new ClassFileImporter().importClasses(WaitingPolicy.class, LedgerDecision.class);

  @Test
  void seeWhatBreaksThem() {
    assertSeen(HouseRules.decisionsAreToldTheTime, "WaitingPolicy");
    assertSeen(HouseRules.decisionsArePure, "LedgerDecision");
    assertSeen(HouseRules.servicesNeverMeet, "LedgerDecision");
  }

  private void assertSeen(ArchRule rule, String offender) {
    assertThatThrownBy(() -> rule.check(offenders))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(offender);
  }
}
