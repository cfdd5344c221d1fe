package io.fanfare.broadcast.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.security.KeyPairGenerator;
import java.util.Base64;
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

  @ParameterizedTest
  @CsvSource({
    "bounces@bounces.example.com, true",
    "b@example.com, true",
    "returned@example.com, false",
    "b+c@@example.com, false",
    "bounces, false",
    "'', false"
  })
  void bouncesGoToAShortAddress(String returnPath, boolean right) {
    Map<String, Object> settings =
        Map.of("host", "mail.example.com", "from", "a@b.c", "return_path", returnPath);
    if (right) {
      assertThat(AccountPlanner.plan(email(settings)).settings())
          .containsEntry("return_path", returnPath);
    } else {
      assertThat(pointers(email(settings))).containsExactly("/settings/return_path");
    }
  }

  @Test
  void bouncesAreFetchedFromAMailbox() {
    Map<String, Object> settings = new HashMap<>(Map.of("host", "mail.example.com"));
    settings.putAll(
        Map.of("from", "a@b.c", "bounce_host", "imap.example.com", "bounce_username", "bounces"));
    AccountPlan plan =
        AccountPlanner.plan(email(settings, Map.of("bounce_password", "a \"secret\"")));
    assertThat(plan.settings())
        .containsEntry("bounce_port", "993")
        .containsEntry("bounce_security", "tls")
        .doesNotContainKey("bounce_folder");
    assertThat(plan.secret()).containsOnlyKeys("bounce_password");
    assertThat(plan.needsSecret()).isTrue();
    assertThat(plan.bounces())
        .isEqualTo(new AccountPlan.Target("/settings/bounce_host", "imap.example.com", true));

    settings.put("bounce_security", "none");
    settings.put("bounce_folder", "Bounces/In");
    AccountPlan plain = AccountPlanner.plan(email(settings, Map.of("bounce_password", "x")));
    assertThat(plain.settings()).containsEntry("bounce_port", "143");
    assertThat(plain.bounces().encrypted()).isFalse();

    assertThat(pointers(email(settings, Map.of("bounce_password", "\u00fc"))))
        .containsExactly("/secret/bounce_password");
    settings.put("bounce_folder", "a\"b");
    settings.put("bounce_processed_folder", "a*");
    settings.put("bounce_security", "starttls");
    settings.put("bounce_port", 0);
    settings.remove("bounce_username");
    assertThat(pointers(email(settings)))
        .containsExactlyInAnyOrder(
            "/settings/bounce_folder",
            "/settings/bounce_processed_folder",
            "/settings/bounce_security",
            "/settings/bounce_port",
            "/settings/bounce_username");
    assertThat(pointers(email(Map.of("host", "h.example", "from", "a@b.c", "bounce_port", 993))))
        .containsExactly("/settings/bounce_port");
  }

  @Test
  void aMailboxMayBeSpokenToByPop3WhichHasNoFolders() {
    Map<String, Object> settings = new HashMap<>(Map.of("host", "mail.example.com"));
    settings.putAll(
        Map.of("from", "a@b.c", "bounce_host", "pop.example.com", "bounce_username", "bounces"));
    settings.put("bounce_protocol", "imap");
    Map<String, Object> secret = Map.of("bounce_password", "x");
    assertThat(AccountPlanner.plan(email(settings, secret)).settings())
        .containsEntry("bounce_port", "993")
        .doesNotContainKey("bounce_protocol");
    settings.put("bounce_protocol", "pop3");
    assertThat(AccountPlanner.plan(email(settings, secret)).settings())
        .containsEntry("bounce_protocol", "pop3")
        .containsEntry("bounce_port", "995")
        .doesNotContainKey("bounce_delete_unmatched");
    settings.put("bounce_security", "none");
    settings.put("bounce_delete_unmatched", true);
    assertThat(AccountPlanner.plan(email(settings, secret)).settings())
        .containsEntry("bounce_port", "110")
        .containsEntry("bounce_delete_unmatched", "true");

    settings.put("bounce_folder", "INBOX");
    settings.put("bounce_delete_unmatched", "perhaps");
    assertThat(pointers(email(settings, secret)))
        .containsExactlyInAnyOrder("/settings/bounce_folder", "/settings/bounce_delete_unmatched");
    settings.put("bounce_protocol", "imap");
    settings.put("bounce_delete_unmatched", true);
    assertThat(pointers(email(settings, secret)))
        .containsExactly("/settings/bounce_delete_unmatched");
    settings.put("bounce_protocol", "smtp");
    assertThat(pointers(email(settings, secret))).contains("/settings/bounce_protocol");
  }

  @Test
  void howABotsUpdatesComeIsSaidOrLeftToTheDefault() {
    assertThat(AccountPlanner.plan(telegram(Map.of("updates", "webhook"))).settings())
        .containsEntry("updates", "webhook");
    assertThat(AccountPlanner.plan(telegram(Map.of())).settings()).doesNotContainKey("updates");
    assertThat(pointers(telegram(Map.of("updates", "sometimes"))))
        .containsExactly("/settings/updates");
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
  void domainLimitsAreMessagesASecondByMailDomain() {
    AccountPlan plan =
        AccountPlanner.plan(limited(Map.of("GMail.com", 40, "*", 80, "münchen.example", 9)));
    assertThat(plan.settings())
        .containsEntry("domain_limits", "*=80 gmail.com=40 münchen.example=9");
    assertThat(AccountPlanner.plan(limited(Map.of())).settings())
        .doesNotContainKey("domain_limits");
    assertThat(pointers(limited(Map.of("a b", 1, "ok.example", 0, "x@y.example", 5))))
        .containsExactlyInAnyOrder(
            "/settings/domain_limits/a b",
            "/settings/domain_limits/ok.example",
            "/settings/domain_limits/x@y.example");
    assertThat(pointers(limited("gmail.com=40"))).containsExactly("/settings/domain_limits");
    Map<String, Object> many = new HashMap<>();
    for (int i = 0; i < 101; i++) {
      many.put("d" + i + ".example", 10);
    }
    assertThat(pointers(limited(many))).containsExactly("/settings/domain_limits");
  }

  @Test
  void noDomainLimitIsBelowTheNumberOfLanes() {
    Map<String, String> settings =
        AccountPlanner.plan(limited(Map.of("a.example", 8, "*", 7))).settings();
    AccountPlanner.requireDomainLimitsDivide(settings, 7);
    ProblemException refusal =
        catchThrowableOfType(
            ProblemException.class, () -> AccountPlanner.requireDomainLimitsDivide(settings, 8));
    assertThat(refusal.errors().stream().map(FieldProblem::pointer))
        .containsExactly("/settings/domain_limits/*");
  }

  private static AccountRequest limited(Object limits) {
    return email(Map.of("host", "mail.example.com", "from", "a@b.c", "domain_limits", limits));
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

  @Test
  void accessTokenTakesThePlaceOfThePassword() {
    Map<String, Object> settings =
        Map.of("host", "h.example", "from", "a@b.c", "username", "u", "auth", "xoauth2");
    AccountPlan plan =
        AccountPlanner.plan(email(settings, Map.of("access_token", "ya29.a0Af_token")));

    assertThat(plan.settings()).containsEntry("auth", "xoauth2");
    assertThat(plan.secret()).isEqualTo(Map.of("access_token", "ya29.a0Af_token"));
    assertThat(pointers(email(settings, Map.of("password", "p"))))
        .containsExactlyInAnyOrder("/secret/password", "/secret/access_token");
    assertThat(pointers(email(settings, Map.of("access_token", "two words"))))
        .containsExactly("/secret/access_token");
    assertThat(
            pointers(email(Map.of("host", "h.example", "from", "a@b.c", "auth", "xoauth2"), null)))
        .containsExactly("/settings/username");
    assertThat(pointers(email(Map.of("host", "h.example", "from", "a@b.c", "auth", "magic"), null)))
        .containsExactly("/settings/auth");
  }

  @Test
  void signingNeedsDomainSelectorAndKey() throws Exception {
    Map<String, Object> settings =
        Map.of(
            "host",
            "h.example",
            "from",
            "a@example.com",
            "dkim_domain",
            "example.com",
            "dkim_selector",
            "news");
    AccountPlan plan =
        AccountPlanner.plan(email(settings, Map.of("dkim_private_key", rsaKey(2048))));

    assertThat(plan.needsSecret()).isTrue();
    assertThat(plan.settings()).containsEntry("dkim_domain", "example.com");
    assertThat(plan.settings().toString()).doesNotContain("PRIVATE KEY");
    for (String wrong : List.of("no key", rsaKey(1024), rsaKey(2048).replace("MII", "AAA"))) {
      assertThat(pointers(email(settings, Map.of("dkim_private_key", wrong))))
          .containsExactly("/secret/dkim_private_key");
    }
    Map<String, Object> half = new HashMap<>(settings);
    half.remove("dkim_selector");
    assertThat(pointers(email(half, null))).containsExactly("/settings/dkim_selector");
    half.put("dkim_selector", "a;b");
    assertThat(pointers(email(half, null))).contains("/settings/dkim_selector");
    assertThat(
            pointers(
                email(
                    Map.of("host", "h.example", "from", "a@b.c"),
                    Map.of("dkim_private_key", rsaKey(2048)))))
        .containsExactly("/settings/dkim_domain");
  }

  /** A key as {@code openssl genrsa} writes it. */
  static String rsaKey(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static List<String> pointers(AccountRequest request) {
    ProblemException refusal =
        catchThrowableOfType(ProblemException.class, () -> AccountPlanner.plan(request));
    return refusal.errors().stream().map(FieldProblem::pointer).toList();
  }

  private static AccountRequest email(Map<String, Object> settings) {
    return email(settings, null);
  }

  private static AccountRequest email(Map<String, Object> settings, Map<String, Object> secret) {
    return new AccountRequest("email", "Server", settings, secret, null, null);
  }

  private static AccountRequest telegram(Map<String, Object> settings) {
    return new AccountRequest("telegram", "Bot", settings, null, null, null);
  }
}
