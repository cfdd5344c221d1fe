package io.fanfare.broadcast.account;

import io.fanfare.contract.Channel;
import io.fanfare.contract.account.DomainLimits;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request for an account into one with all its defaults, or says everything wrong with it.
 */
final class AccountPlanner {

  private static final int DEFAULT_TELEGRAM_RATE = 30;
  // https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once
  private static final int MAX_TELEGRAM_RATE = 30;
  private static final int MAX_PAID_TELEGRAM_RATE = 1_000;
  private static final int MAX_EMAIL_RATE = 100_000;
  private static final int DEFAULT_EMAIL_SHARDS = 8;
  private static final int MAX_SHARDS = 64;
  private static final String DEFAULT_API_URL = "https://api.telegram.org";
  private static final Map<String, Integer> DEFAULT_PORTS =
      Map.of("none", 25, "starttls", 587, "tls", 465);

  private AccountPlanner() {}

  /**
   * @throws ProblemException 422 with a pointer to every field that is wrong
   */
  static AccountPlan plan(AccountRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    AccountPlan plan =
        switch (request.channel()) {
          case "email" -> email(request, problems);
          case "telegram" -> telegram(request, problems);
          default ->
              throw ProblemException.invalid("/channel", "is one of the channels email, telegram");
        };
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    return plan;
  }

  private static AccountPlan email(AccountRequest request, List<FieldProblem> problems) {
    Fields settings = new Fields("/settings", request.settings(), problems);
    Set<String> names = new HashSet<>(BounceMailboxFields.NAMES);
    names.addAll(
        Set.of(
            "host",
            "port",
            "security",
            "username",
            "auth",
            "from",
            "from_name",
            "reply_to",
            "return_path",
            "dkim_domain",
            "dkim_selector",
            DomainLimits.SETTING));
    settings.only(names);
    Map<String, String> kept = new LinkedHashMap<>();
    String host = settings.required("host", AccountPatterns.HOST, "is a host name or address");
    kept.put("host", host);
    String security =
        settings.optional("security", AccountPatterns.SECURITY, "is one of none, starttls, tls");
    security = security == null ? "starttls" : security;
    kept.put("port", settings.port("port", DEFAULT_PORTS.getOrDefault(security, 587)));
    kept.put("security", security);
    String username =
        settings.optional("username", AccountPatterns.LINE, "is one line of up to 320 characters");
    putIfPresent(kept, "username", username);
    kept.put("from", settings.required("from", AccountPatterns.MAILBOX, "is an e-mail address"));
    putIfPresent(
        kept,
        "from_name",
        settings.optional(
            "from_name", AccountPatterns.LINE, "is one line of up to 320 characters"));
    putIfPresent(
        kept,
        "reply_to",
        settings.optional("reply_to", AccountPatterns.MAILBOX, "is an e-mail address"));
    putIfPresent(
        kept,
        "return_path",
        settings.optional(
            "return_path",
            AccountPatterns.RETURN_PATH,
            "is an e-mail address with up to 7 characters before the @"));
    putIfPresent(
        kept, DomainLimits.SETTING, settings.domainLimits(DomainLimits.SETTING, MAX_EMAIL_RATE));
    MailSecrets.settings(settings, kept, problems);
    AccountPlan.Target bounces =
        BounceMailboxFields.settings(settings, request.settings(), kept, problems);
    return new AccountPlan(
        Channel.EMAIL,
        request.name().strip(),
        kept,
        MailSecrets.secret(request.secret(), kept, problems),
        !MailSecrets.needed(kept).isEmpty(),
        // Mail may go unencrypted; a password may not.
        username == null || !security.equals("none")
            ? new AccountPlan.Target("/settings/host", host, true)
            : new AccountPlan.Target("/settings/security", host, false),
        inRange("/rate_per_second", request.ratePerSecond(), 0, 0, MAX_EMAIL_RATE, problems),
        inRange("/shards", request.shards(), DEFAULT_EMAIL_SHARDS, 1, MAX_SHARDS, problems),
        bounces);
  }

  private static AccountPlan telegram(AccountRequest request, List<FieldProblem> problems) {
    Fields settings = new Fields("/settings", request.settings(), problems);
    settings.only(Set.of("api_url", "allow_paid_broadcast", "updates"));
    boolean paid = settings.flag("allow_paid_broadcast");
    String url =
        settings.optional("api_url", AccountPatterns.LINE, "is one line of up to 320 characters");
    URI apiUrl = apiUrl(url == null ? DEFAULT_API_URL : url, problems);
    Map<String, String> kept = new TreeMap<>();
    kept.put("api_url", apiUrl.toString());
    if (paid) {
      kept.put("allow_paid_broadcast", "true");
    }
    putIfPresent(
        kept,
        "updates",
        settings.optional("updates", AccountPatterns.UPDATES, "is poll, webhook or off"));
    Map<String, String> secret = null;
    if (request.secret() != null) {
      Fields secrets = new Fields("/secret", request.secret(), problems);
      secrets.only(Set.of("token"));
      secret =
          Map.of(
              "token",
              secrets.required(
                  "token", AccountPatterns.TOKEN, "is a bot token, such as 123456:AbC…"));
    }
    return new AccountPlan(
        Channel.TELEGRAM,
        request.name().strip(),
        kept,
        secret,
        true,
        new AccountPlan.Target(
            "/settings/api_url", apiUrl.getHost(), "https".equals(apiUrl.getScheme())),
        inRange(
            "/rate_per_second",
            request.ratePerSecond(),
            DEFAULT_TELEGRAM_RATE,
            1,
            paid ? MAX_PAID_TELEGRAM_RATE : MAX_TELEGRAM_RATE,
            problems),
        inRange("/shards", request.shards(), 1, 1, MAX_SHARDS, problems));
  }

  /**
   * Every lane keeps to its share of a domain's limit, which must be one message a second at least.
   *
   * @throws ProblemException 422 with a pointer to every limit below the number of lanes
   */
  static void requireDomainLimitsDivide(Map<String, String> settings, int shards) {
    DomainLimits limits = DomainLimits.parse(settings.getOrDefault(DomainLimits.SETTING, ""));
    List<FieldProblem> problems =
        new TreeMap<>(limits.perSecond())
            .entrySet().stream()
                .filter(limit -> limit.getValue() < shards)
                .map(limit ->
                    new FieldProblem(
                        "/settings/" + DomainLimits.SETTING + "/" + limit.getKey(),
                        "is below the account's " + shards + " shards; use an account with fewer"))
                .toList();
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  /** A plain base URL, without a slash at its end; the default one when it is none. */
  private static URI apiUrl(String text, List<FieldProblem> problems) {
    try {
      URI url = new URI(text.replaceAll("/+$", ""));
      boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && url.getRawPath().isEmpty()
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Answered below, as every other form that is not accepted.
    }
    problems.add(
        new FieldProblem(
            "/settings/api_url", "is an http or https URL without user, path, query and fragment"));
    return URI.create(DEFAULT_API_URL);
  }

  private static int inRange(
      String pointer,
      @Nullable Integer value,
      int byDefault,
      int min,
      int max,
      List<FieldProblem> problems) {
    if (value == null) {
      return byDefault;
    }
    if (value < min || value > max) {
      problems.add(new FieldProblem(pointer, "is a number from " + min + " to " + max));
    }
    return value;
  }

  private static void putIfPresent(
      Map<String, String> target, String name, @Nullable String value) {
    if (value != null) {
      target.put(name, value);
    }
  }
}
