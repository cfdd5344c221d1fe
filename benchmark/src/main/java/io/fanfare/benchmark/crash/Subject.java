package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.SampleAudience;
import io.fanfare.localstack.client.Walkthrough;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The broadcast that has to survive: one on both channels, as a user sees it over REST; and others
 * to the same contacts.
 */
final class Subject {

  /** What the rates are raised to once nothing is broken any more. */
  static final int RAISED_RATE = 1_000;

  private static final int SHARDS = 4;
  static final int SMALL = 10;
  private static final Duration SMALL_PATIENCE = Duration.ofSeconds(30);
  private static final Duration API_PATIENCE = Duration.ofSeconds(90);

  private final Deployment deployment;
  private final Deployment.TenantKey tenant;
  private final RestClient api;
  private final Walkthrough walkthrough;
  private final Map<String, Map<String, Object>> accounts = new LinkedHashMap<>();
  private final Map<String, String> accountIds = new LinkedHashMap<>();
  private final int contacts;
  private final int ratePerSecond;
  private final String template;
  private final Watched watched;

  /**
   * Imports contacts and drafts the broadcast.
   *
   * @param contacts of the broadcast
   * @param further contacts beside them
   * @param ratePerSecond of each channel's account
   */
  Subject(Deployment deployment, int contacts, int further, int ratePerSecond) {
    this.deployment = deployment;
    this.tenant = deployment.newTenantKey("Crash");
    this.api = tenant.api();
    this.walkthrough = new Walkthrough(api);
    this.contacts = contacts;
    this.ratePerSecond = ratePerSecond;
    walkthrough.importReachableContacts(0, contacts + further, count -> {});
    this.template = walkthrough.template("News");
    account(
        "email",
        Map.of(
            "host",
            "localhost",
            "port",
            deployment.smtpPort(),
            "security",
            "none",
            "from",
            "news@fanfare.example"),
        Map.of());
    account(
        "telegram",
        Map.of(
            "api_url",
            "http://localhost:" + deployment.telegramPort(),
            "allow_paid_broadcast",
            true),
        Map.of("token", "1:crash"));
    this.watched = draft("Crash", numbers(0, contacts));
  }

  private static List<Integer> numbers(int from, int count) {
    return IntStream.range(from, from + count).boxed().toList();
  }

  /** Drafts a broadcast to some contacts, on the same accounts. */
  Watched draft(String name, List<Integer> numbers) {
    String list = walkthrough.list(name, numbers);
    String id = walkthrough.broadcast(name, template, list, accountIds);
    return new Watched(id, recipients(numbers), new LedgerReader(deployment, id));
  }

  private void account(String channel, Map<String, Object> settings, Map<String, Object> secret) {
    Map<String, Object> account = new LinkedHashMap<>();
    account.put("channel", channel);
    account.put("name", channel);
    account.put("settings", settings);
    account.put("rate_per_second", ratePerSecond);
    Map<String, Object> created = new LinkedHashMap<>(account);
    created.put("shards", SHARDS);
    if (!secret.isEmpty()) {
      created.put("secret", secret);
    }
    accounts.put(channel, account);
    accountIds.put(channel, api.post("/api/v1/channel-accounts", created).get("id").asString());
  }

  /** A rate that every lane gets a whole number of. */
  static int wholeRate(double perSecond) {
    return Math.max(2, (int) Math.ceil(perSecond / SHARDS)) * SHARDS;
  }

  /** The large broadcast. */
  Watched watched() {
    return watched;
  }

  RestClient api() {
    return api;
  }

  UUID tenant() {
    return tenant.id();
  }

  /** Contacts by their numbers, on both channels. */
  static Set<Recipient> recipients(List<Integer> numbers) {
    Set<Recipient> recipients = new HashSet<>();
    for (int number : numbers) {
      Map<String, Object> contact = SampleAudience.reachable(number, 1).getFirst();
      recipients.add(new Recipient("email", String.valueOf(contact.get("email"))));
      recipients.add(new Recipient("telegram", String.valueOf(contact.get("telegram_chat_id"))));
    }
    return recipients;
  }

  void start() {
    start(watched.id());
  }

  void start(String broadcast) {
    walkthrough.start(broadcast);
  }

  /** Drafts a broadcast to the last {@value #SMALL} contacts, once the large one is under way. */
  Watched draftSmall() {
    Patience.until(API_PATIENCE, () -> progress().get("sent").asLong() > 0);
    return draft("Small beside large", numbers(contacts - SMALL, SMALL));
  }

  /**
   * Sends the small one.
   *
   * @return from its start until it was complete; null when it was not in time
   */
  @Nullable Duration send(Watched small) {
    long begun = System.nanoTime();
    start(small.id());
    boolean completed =
        Patience.until(
            SMALL_PATIENCE,
            () -> walkthrough.progress(small.id()).get("state").asString().equals("completed"));
    return completed ? Duration.ofNanos(System.nanoTime() - begun) : null;
  }

  /**
   * Raises the rates of both accounts.
   *
   * @return the limits by channel
   */
  Map<String, Figures.Limit> raiseRates() {
    long raisedAt = RunLog.epochNanos();
    Map<String, Figures.Limit> limits = new HashMap<>();
    accounts.forEach((channel, account) -> {
      account.put("rate_per_second", RAISED_RATE);
      String path = "/api/v1/channel-accounts/" + accountIds.get(channel);
      Patience.insist("raising the rate", API_PATIENCE, () -> api.put(path, account));
      limits.put(channel, new Figures.Limit(ratePerSecond, raisedAt, RAISED_RATE));
    });
    return limits;
  }

  JsonNode progress() {
    return progress(watched.id());
  }

  JsonNode progress(String broadcast) {
    return Patience.insist("the progress", API_PATIENCE, () -> walkthrough.progress(broadcast));
  }

  JsonNode stats(String broadcast) {
    return Patience.insist(
        "the statistics",
        API_PATIENCE,
        () -> {
          RestClient.Answer answer =
              api.exchange("GET", "/api/v1/broadcasts/" + broadcast + "/stats", null);
          // Analytics knows nothing of a broadcast of which nothing was handed over.
          return answer.status() == 404 ? answer.body() : answer.expectSuccess();
        });
  }

  /** {@code running}, {@code paused}, {@code completed} … */
  String state() {
    return progress().get("state").asString();
  }

  /**
   * Asks until the large broadcast is in the state.
   *
   * @param action {@code pause} or {@code resume}
   * @return false when the broadcast is over
   */
  boolean move(String action, String state) {
    return move(watched.id(), action, state);
  }

  /** The same with another one, and {@code cancel}. */
  boolean move(String id, String action, String state) {
    return Patience.insist(
        action,
        API_PATIENCE,
        () -> {
          RestClient.Answer answer =
              api.exchange("POST", "/api/v1/broadcasts/" + id + "/" + action, Map.of());
          if (answer.status() == 200) {
            return true;
          }
          if (answer.status() != 409) {
            answer.expectSuccess();
          }
          // An earlier request may have been heard and its answer lost, or it does not hold yet.
          JsonNode now = api.get("/api/v1/broadcasts/" + id);
          if (now.has("not_yet_effective")) {
            throw new IllegalStateException(action + " does not hold yet");
          }
          return now.get("state").asString().equals(state);
        });
  }
}
