package io.fanfare.broadcast.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountPlannerTest {

  @ParameterizedTest
  @CsvSource({"none, 25", "starttls, 587", "tls, 465"})
  void portFollowsSecurity(String security, String port) {
    AccountPlan plan =
        AccountPlanner.plan(
            email(Map.of("host", "mail.example.com", "security", security, "from", "a@b.c")));

    assertThat(plan.settings()).containsEntry("port", port);
    assertThat(plan.needsSecret()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:p@api.example.com",
        "https://api.example.com?x=1",
        "https://api.example.com#x",
        "ftp://api.example.com",
        "api.example.com",
        "https://",
        "https:///x",
        "https://api.example.com/base",
        "https://api.example.com//x/",
        "https://a b"
      })
  void apiUrlIsAPlainBase(String url) {
    assertThat(pointers(telegram(Map.of("api_url", url)))).containsExactly("/settings/api_url");
  }

  @Test
  void slashAtTheEndOfAnApiUrlIsDropped() {
    AccountPlan plan =
        AccountPlanner.plan(telegram(Map.of("api_url", "https://api.example.com:8443//")));

    assertThat(plan.settings()).containsEntry("api_url", "https://api.example.com:8443");
    assertThat(plan.target().host()).isEqualTo("api.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b\r\nBcc: x@y",
        "a",
        "a@",
        "@b",
        "a@b, c@d",
        "<a@b>",
        "a b@c",
        // A worker refuses these, so nothing could be sent from them.
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a@example..com",
        "a@[192.0.2.1]",
        "ü@example.com",
        "a@exämple.com",
        "a@b@c",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com"
      })
  void senderIsOneAddressOnOneLine(String from) {
    assertThat(pointers(email(Map.of("host", "mail.example.com", "from", from))))
        .containsExactly("/settings/from");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b", "first.last+tag@mail.example.com", "o'neil_{x}@a-b.example"})
  void senderMayBeWhatMailServersTake(String from) {
    Map<String, Object> settings = Map.of("host", "mail.example.com", "from", from);
    assertThat(AccountPlanner.plan(email(settings)).settings()).containsEntry("from", from);
  }

  @ParameterizedTest
  @CsvSource({"none, false", "starttls, true", "tls, true"})
  void passwordCountsAsEncryptedOnlyWhenTheConnectionIs(String security, boolean encrypted) {
    Map<String, Object> open =
        Map.of("host", "mail.example.com", "security", security, "from", "a@b.c");
    Map<String, Object> signedIn = new HashMap<>(open);
    signedIn.put("username", "news");

    assertThat(AccountPlanner.plan(email(open)).target().encrypted()).isTrue();
    assertThat(AccountPlanner.plan(email(signedIn)).target().encrypted()).isEqualTo(encrypted);
  }

  @Test
  void nameOfTheSenderHoldsNoLineBreak() {
    assertThat(
            pointers(
                email(
                    Map.of(
                        "host", "mail.example.com", "from", "a@b.c", "from_name", "A\r\nBcc: x"))))
        .containsExactly("/settings/from_name");
  }

  @Test
  void pointersEscapeWhatTheyName() {
    assertThat(pointers(email(Map.of("host", "mail.example.com", "from", "a@b.c", "x/y~z", "1"))))
        .containsExactly("/settings/x~1y~0z");
  }

  @Test
  void tokenIsThatOfABot() {
    AccountRequest request =
        new AccountRequest("telegram", "Bot", Map.of(), Map.of("token", "no token"), 1001, null);

    assertThat(pointers(request)).containsExactly("/secret/token", "/rate_per_second");
  }

  @Test
  void moreThanThirtyASecondIsPaidFor() {
    Map<String, Object> token = Map.of("token", "1:secret");
    assertThat(pointers(new AccountRequest("telegram", "Bot", Map.of(), token, 31, null)))
        .containsExactly("/rate_per_second");
    for (Object yes : List.<Object>of(true, "true")) {
      Map<String, Object> paid = Map.of("allow_paid_broadcast", yes);
      AccountPlan plan =
          AccountPlanner.plan(new AccountRequest("telegram", "Bot", paid, token, 1_000, null));
      assertThat(plan.ratePerSecond()).isEqualTo(1_000);
      assertThat(plan.settings()).containsEntry("allow_paid_broadcast", "true");
    }
    assertThat(pointers(telegram(Map.of("allow_paid_broadcast", "perhaps"))))
        .containsExactly("/settings/allow_paid_broadcast");
    assertThat(AccountPlanner.plan(telegram(Map.of("allow_paid_broadcast", false))).settings())
        .doesNotContainKey("allow_paid_broadcast");
  }

  @Test
  void requestAndPlanDoNotPrintTheirSecret() {
    AccountRequest request =
        new AccountRequest("telegram", "Bot", Map.of(), Map.of("token", "1:secret"), null, null);

    assertThat(request.toString() + AccountPlanner.plan(request)).doesNotContain("secret");
  }

  private static List<String> pointers(AccountRequest request) {
    ProblemException refusal =
        catchThrowableOfType(ProblemException.class, () -> AccountPlanner.plan(request));
    return refusal.errors().stream().map(FieldProblem::pointer).toList();
  }

  private static AccountRequest email(Map<String, Object> settings) {
    return new AccountRequest("email", "Server", settings, null, null, null);
  }

  private static AccountRequest telegram(Map<String, Object> settings) {
    return new AccountRequest("telegram", "Bot", settings, null, null, null);
  }
}
