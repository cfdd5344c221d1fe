package io.fanfare.dispatch.engagement.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.engagement.bounce.BouncePolicy.Verdict;
import io.fanfare.dispatch.engagement.bounce.BounceReport.Delivery;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BouncePolicyTest {

  @ParameterizedTest
  @CsvSource({
    "failed, 5.1.1, smtp; 550 5.1.1 no such user, hard, 5.1.1",
    "failed, 5.1.10, , hard, 5.1.10",
    "failed, 5.1.2, , hard, 5.1.2",
    "failed, 5.2.1, , hard, 5.2.1",
    "failed, 5.4.4, , hard, 5.4.4",
    "failed, 5.0.0, smtp; 550-5.1.1 gone, hard, 5.1.1",
    "failed, 5.0.0, smtp; 550 gone, hard, 5.0.0",
    "failed, '', smtp; 550 user unknown, hard, ",
    "failed, 5.1.1 (bad destination mailbox address), , hard, 5.1.1",
    "failed, 5.1.0, smtp; 550 5.1.0 address rejected, hard, 5.1.0",
    // Not the address's fault.
    "failed, 5.1.7, , soft, 5.1.7",
    "failed, 5.1.8, smtp; 550 5.1.8 sender's domain not found, soft, 5.1.8",
    "failed, 5.1.0, smtp; 550 5.1.0 Sender address rejected, soft, 5.1.0",
    "failed, 5.0.0, smtp; 550 Blocked by Spamhaus, soft, 5.0.0",
    "failed, '', smtp; 550 on our blacklist, soft, ",
    "failed, 5.2.2, smtp; 552 5.2.2 over quota, soft, 5.2.2",
    "failed, 5.2.3, , soft, 5.2.3",
    "failed, 5.3.4, , soft, 5.3.4",
    "failed, 5.4.7, , soft, 5.4.7",
    "failed, 5.6.1, , soft, 5.6.1",
    "failed, 5.7.1, smtp; 550 5.7.1 looks like spam, soft, 5.7.1",
    "failed, 5.0.0, smtp; 550 5.7.1 looks like spam, soft, 5.7.1",
    "failed, 4.4.7, , soft, 4.4.7",
    "failed, 4.4.1, smtp; 550 5.1.1 earlier, soft, 4.4.1",
    "failed, '', smtp; 552 mailbox full, soft, ",
    "failed, '', '', soft, ",
    "failed, 1.2.3.4.5, '', soft, ",
    "delayed, 4.4.1, , soft, 4.4.1",
    "delayed, 5.1.1, , soft, 5.1.1",
    "delivered, 2.0.0, , , ",
    "relayed, 2.0.0, , , ",
    "expanded, 2.0.0, , , ",
    "nonsense, 5.1.1, , , "
  })
  void aBounceIsHardWhenItFailedForGoodBecauseOfTheAddress(
      String action, String status, String diagnostic, String name, String kept) {
    Verdict verdict =
        BouncePolicy.judge(
            report(new Delivery(action, status, diagnostic == null ? "" : diagnostic, "")));
    if (name == null) {
      assertThat(verdict).isEqualTo(new Verdict.Nothing("no_failure"));
    } else {
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Bounced.class,
              bounced -> {
                assertThat(bounced.hard()).isEqualTo(name.equals("hard"));
                assertThat(bounced.status()).isEqualTo(kept);
              });
    }
  }

  @Test
  void anAddressThatStandsForSeveralIsGoodAsLongAsOneOfThemIs() {
    Delivery gone = new Delivery("failed", "5.1.1", "gone", "a@example.org");
    Delivery full = new Delivery("failed", "5.2.2", "full", "b@example.org");
    Delivery there = new Delivery("delivered", "2.0.0", "", "c@example.org");
    assertThat(BouncePolicy.judge(report(gone, gone)))
        .isEqualTo(new Verdict.Bounced(true, "5.1.1", "gone"));
    assertThat(BouncePolicy.judge(report(full, gone)))
        .isEqualTo(new Verdict.Bounced(false, "5.1.1", "gone"));
    assertThat(BouncePolicy.judge(report(there, gone)))
        .isEqualTo(new Verdict.Bounced(false, "5.1.1", "gone"));
    assertThat(BouncePolicy.judge(report(there))).isEqualTo(new Verdict.Nothing("no_failure"));
    assertThat(BouncePolicy.judge(report())).isEqualTo(new Verdict.Nothing("no_failure"));
  }

  @Test
  void whatIsKeptNamesNobodyAndIsShort() {
    String said =
        "smtp; 550 5.1.1 <Ada.Lovelace@example.org>: Recipient\r\n\u0000 ada.lovelace unknown"
            + " (other@example.org)";
    assertThat(detail(said))
        .isEqualTo("smtp; 550 5.1.1 <recipient>: Recipient <recipient> unknown (<recipient>)");
    assertThat(detail("x".repeat(2_000))).hasSize(500);
    assertThat(detail("@".repeat(2_000))).hasSizeLessThanOrEqualTo(500);
  }

  @Test
  void onlyComplaintsComplain() {
    assertThat(BouncePolicy.judge(feedback("abuse"))).isEqualTo(new Verdict.Complained("abuse"));
    assertThat(BouncePolicy.judge(feedback("fraud"))).isEqualTo(new Verdict.Complained("fraud"));
    assertThat(BouncePolicy.judge(feedback(""))).isEqualTo(new Verdict.Complained(null));
    for (String none : List.of("not-spam", "auth-failure", "dmarc")) {
      assertThat(BouncePolicy.judge(feedback(none))).isEqualTo(new Verdict.Nothing("no_complaint"));
    }
  }

  private static String detail(String diagnostic) {
    Delivery delivery = new Delivery("failed", "5.1.1", diagnostic, "ada.lovelace@example.org");
    return ((Verdict.Bounced) BouncePolicy.judge(report(delivery))).detail();
  }

  private static BounceReport report(Delivery... deliveries) {
    return new BounceReport(List.of(deliveries), null, List.of());
  }

  private static BounceReport feedback(String type) {
    return new BounceReport(List.of(), type, List.of());
  }
}
