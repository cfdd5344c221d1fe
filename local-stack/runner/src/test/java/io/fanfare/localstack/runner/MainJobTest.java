package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.SampleAudience;
import io.fanfare.localstack.client.Walkthrough;
import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.log.RecipientCount;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A product team's first broadcast through all five services: everybody gets their own message
 * once, whatever the providers do, and the figures add up at every moment.
 */
class MainJobTest {

  private static final int CONTACTS = 2_000;

  private final SharedStack shared = SharedStack.get();
  private final RestClient simulators =
      new RestClient(shared.stack().mailboxUrl(), "no key needed");
  private JsonNode dryRun;

  @AfterEach
  void acceptEverythingAgain() {
    shared.simulators().reset();
  }

  @Test
  void reachesEverybodyOnceOnTwoChannelsAndAddsUpAtEveryReading() {
    simulators.put(
        "/simulator/faults",
        Map.of(
            "email",
            Map.of("refuse_share", 0.02, "defer_share", 0.05, "first_tries", 2),
            "telegram",
            Map.of(
                "refuse_share",
                0.02,
                "unknown_share",
                0.01,
                "defer_share",
                0.005,
                "first_tries",
                1,
                "retry_after_seconds",
                1)));
    RestClient api = shared.newTenant("Main job");
    String broadcast = start(api, "Main job");
    List<JsonNode> readings = awaitEnd(api, broadcast);

    assertThat(readings).as("readings").hasSizeGreaterThan(3);
    readings.forEach(Conservation::check);
    JsonNode end = readings.getLast();
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(end.get("planned").asLong()).isEqualTo(2 * CONTACTS);
    assertThat(end.get("failed").asLong()).isPositive();
    assertThat(end.get("skipped").asLong()).isPositive();
    assertThat(end.get("in_doubt").asLong()).isZero();
    JsonNode report = simulators.get("/simulator/report?marker=" + broadcast);
    assertThat(report.get("duplicates").asLong()).as("sent twice").isZero();
    assertThat(report.get("distinct").asLong()).isEqualTo(end.get("sent").asLong());
    LedgerRecount.of(shared, broadcast).mustEqual(end);
    statsMustEqual(api, broadcast, end);
    RecipientsCheck.mustEqual(api, broadcast, end);
    assertThat(dryRun.get("skipped")).isEqualTo(end.get("skipped_by_reason"));
    assertThat(dryRun.get("messages").asLong())
        .isEqualTo(end.get("planned").asLong() - end.get("skipped").asLong());
  }

  @Test
  void writesToEachContactByName() {
    RestClient api = shared.newTenant("Personal");
    String broadcast = start(api, "Personal");
    awaitEnd(api, broadcast);
    JsonNode mail = simulators.get("/simulator/messages?channel=email&limit=1").get("items").get(0);
    JsonNode whole = simulators.get("/simulator/messages/" + mail.get("id").asLong());
    String address = mail.get("address").asString();
    JsonNode contact =
        api.get("/api/v1/contacts?q=" + URLEncoder.encode(address, StandardCharsets.UTF_8))
            .get("items")
            .get(0);
    assertThat(contact.get("email").asString()).isEqualTo(address);
    assertThat(whole.toString()).contains(contact.get("name").asString());
  }

  @Test
  void pausesWithItsCauseWhenAnAccountIsRefusedAndFinishesOnceItIsMended() {
    simulators.put(
        "/simulator/faults",
        Map.of("email", Map.of(), "telegram", Map.of("refuse_credentials", true)));
    RestClient api = shared.newTenant("Wrong token");
    String broadcast = start(api, "Wrong token");
    JsonNode paused = awaitEnd(api, broadcast).getLast();
    assertThat(paused.get("state").asString()).isEqualTo("paused");
    assertThat(paused.get("reason").get("code").asString()).isEqualTo("account_refused");
    assertThat(paused.toString()).as("tells no secret").doesNotContain("1:bot");

    shared.simulators().telegram().faults().plan(FaultPlan.NONE);
    api.post("/api/v1/broadcasts/" + broadcast + "/resume", Map.of());
    JsonNode end = awaitEnd(api, broadcast).getLast();
    Conservation.check(end);
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(end.get("failed").asLong() + end.get("dead").asLong()).isZero();
    JsonNode report = simulators.get("/simulator/report?marker=" + broadcast);
    assertThat(report.get("duplicates").asLong()).isZero();
    assertThat(report.get("distinct").asLong()).isEqualTo(end.get("sent").asLong());
  }

  @Test
  void nobodyGetsAMessageASecondAfterTheirOptOutWasAnswered() {
    RestClient api = shared.newTenant("Opt-outs");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, 200, count -> {});
    String account =
        walkthrough.emailAccount("Slow", "localhost", shared.simulators().smtp().port(), 20, 1);
    String broadcast =
        walkthrough.broadcast(
            "Opt-outs",
            walkthrough.template("Opt-outs"),
            walkthrough.list("Opt-outs", 0, 200),
            Map.of("email", account));
    JsonNode contacts = api.get("/api/v1/contacts?limit=200").get("items");
    walkthrough.start(broadcast);
    // Three seconds' worth is on its way to the workers, the rest waits for its release.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> walkthrough.progress(broadcast).get("sent").asLong() > 0);
    // All at once: a slow machine must not be done sending before they are answered.
    Map<String, Long> answered = new ConcurrentHashMap<>();
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i += 4) {
        JsonNode contact = contacts.get(i);
        people.submit(() -> {
          api.put("/api/v1/contacts/" + contact.get("id").asLong() + "/opt-outs", Map.of());
          answered.put(contact.get("email").asString(), System.currentTimeMillis());
        });
      }
    }
    assertThat(answered).hasSize(50);
    JsonNode end = awaitEnd(api, broadcast).getLast();

    Conservation.check(end);
    assertThat(end.get("state").asString()).isEqualTo("completed");
    int late = 0;
    for (RecipientCount taken : shared.simulators().log().recipients(Channel.EMAIL, broadcast, 1)) {
      Long optOut = answered.get(taken.address());
      if (optOut != null) {
        late++;
        assertThat(Duration.ofNanos(taken.lastNanos()).toMillis()).isLessThan(optOut + 1_000);
      }
    }
    assertThat(end.get("skipped").asLong()).isEqualTo(50 - late).isGreaterThan(20);
    assertThat(end.get("sent").asLong()).isEqualTo(150 + late);
  }

  @Test
  void reachesEachContactOnTheFirstChannelThatTakesItsMessageInFallbackOrder() {
    FaultPlan telegram = FaultPlan.NONE.refusing(0.2, 0.1);
    FaultPlan email = FaultPlan.NONE.refusing(0.05, 0);
    shared.simulators().telegram().faults().plan(telegram);
    shared.simulators().smtp().faults().plan(email);
    RestClient api = shared.newTenant("Fallback");
    String broadcast = start(api, "Fallback", "fallback", "telegram", "email");
    List<JsonNode> readings = awaitEnd(api, broadcast);

    Set<String> byTelegram = new HashSet<>();
    Set<String> byEmail = new HashSet<>();
    int unreachable = 0;
    int unknownMailboxes = 0;
    Set<String> blockedAlone = new HashSet<>();
    for (Map<String, Object> contact : SampleAudience.contacts(0, CONTACTS)) {
      Object chat = contact.get("telegram_chat_id");
      Object address = contact.get("email");
      if (chat != null && telegram.fate(chat.toString()) == Fate.ACCEPTED) {
        byTelegram.add(chat.toString());
      } else if (address != null && email.fate(address.toString()) == Fate.ACCEPTED) {
        byEmail.add(address.toString());
      } else if (address != null) {
        unknownMailboxes++;
      } else if (chat == null) {
        unreachable++;
      }
      if (chat != null && address == null && telegram.fate(chat.toString()) == Fate.REFUSED) {
        blockedAlone.add(contact.get("external_id").toString());
      }
    }
    readings.forEach(Conservation::check);
    JsonNode end = readings.getLast();
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(readings).extracting(r -> r.get("planned").asInt()).containsOnly(CONTACTS, 0);
    assertThat(end.get("sent").asInt()).isEqualTo(byTelegram.size() + byEmail.size());
    assertThat(end.get("skipped").asInt()).isEqualTo(unreachable);
    assertThat(takenOnce(Channel.TELEGRAM, broadcast)).isEqualTo(byTelegram);
    assertThat(takenOnce(Channel.EMAIL, broadcast)).isEqualTo(byEmail);
    LedgerRecount.of(shared, broadcast).mustEqual(end);
    statsMustEqual(api, broadcast, end);
    RecipientsCheck.mustEqual(api, broadcast, end);
    long fellBack = end.at("/channels/telegram/fell_back").asLong();
    assertThat(fellBack).isPositive();
    assertThat(
            api.get("/api/v1/broadcasts/" + broadcast + "/stats")
                .at("/channels/telegram/fell_back")
                .asLong())
        .isEqualTo(fellBack);

    // Whoever blocked the bot has opted out of it, and no other way is left to some of them.
    assertThat(blockedAlone).isNotEmpty();
    blockedAlone.forEach(externalId -> awaitOptOut(api, contactOf(api, externalId), "blocked"));
    // And the mailboxes that do not exist are not asked for again.
    awaitSuppressed(api, unknownMailboxes);
    // Whoever no channel took is tried again where that was, and nobody else is.
    shared.simulators().telegram().faults().plan(FaultPlan.NONE);
    shared.simulators().smtp().faults().plan(FaultPlan.NONE);
    JsonNode later = retryUntilNoneFailed(api, broadcast);
    int never = blockedAlone.size() + unknownMailboxes;
    int reachable = CONTACTS - unreachable - never;
    assertThat(later.get("sent").asInt()).isEqualTo(reachable);
    assertThat(later.at("/skipped_by_reason/at_send").asInt()).as("%s", later).isEqualTo(never);
    assertThat(
            takenOnce(Channel.TELEGRAM, broadcast).size()
                + takenOnce(Channel.EMAIL, broadcast).size())
        .isEqualTo(reachable);
  }

  private static JsonNode contactOf(RestClient api, String externalId) {
    return api.get("/api/v1/contacts?external_id=" + externalId).at("/items/0");
  }

  private static void awaitOptOut(RestClient api, JsonNode contact, String reason) {
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          JsonNode optOut = api.get(contact(contact) + "/opt-outs").at("/items/0");
          assertThat(optOut.path("channel").asString("")).isEqualTo("telegram");
          assertThat(optOut.path("reason").asString("")).isEqualTo(reason);
        });
  }

  private static void awaitSuppressed(RestClient api, int mailboxes) {
    assertThat(mailboxes).isBetween(1, 200);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            api.get("/api/v1/suppressions?limit=200&channel=email&reason=hard_bounce")
                    .get("items")
                    .size()
                == mailboxes);
  }

  private static JsonNode retryUntilNoneFailed(RestClient api, String broadcast) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      api.post("/api/v1/broadcasts/" + broadcast + "/retry", Map.of("what", List.of("failed")));
      JsonNode progress = new Walkthrough(api).progress(broadcast);
      Conservation.check(progress);
      if (progress.get("failed").asLong() == 0) {
        return progress;
      }
      assertThat(System.nanoTime()).as("still failed: %s", progress).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private Set<String> takenOnce(Channel channel, String broadcast) {
    List<RecipientCount> taken = shared.simulators().log().recipients(channel, broadcast, 1);
    assertThat(taken).allMatch(recipient -> recipient.count() == 1);
    return taken.stream().map(RecipientCount::address).collect(Collectors.toSet());
  }

  @Test
  void singleMessagesGoAheadOfABroadcastOnTheSameBot() {
    int members = 3_000;
    int messages = 10;
    int lookAhead = 90;
    RestClient api = shared.newTenant("Codes");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, members + messages, count -> {});
    String bot =
        walkthrough.telegramAccount(
            "Bot", "http://localhost:" + shared.simulators().telegram().port(), "2:bot", 30);
    String broadcast =
        walkthrough.broadcast(
            "Slow",
            walkthrough.template("Slow"),
            walkthrough.list("Slow", 0, members),
            Map.of("telegram", bot));
    walkthrough.start(broadcast);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> walkthrough.progress(broadcast).get("sent").asLong() > 60);
    String template =
        api.post(
                "/api/v1/templates",
                Map.of(
                    "name",
                    "Code",
                    "channels",
                    Map.of(
                        "telegram", Map.of("text", "code {{ vars.code }} ref:{{ broadcast.id }}"))))
            .get("id")
            .asString();

    List<JsonNode> accepted = new ArrayList<>();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      String code = "c" + i + "-" + broadcast;
      Instant posted = Instant.now();
      JsonNode message =
          api.post(
              "/api/v1/messages",
              Map.of(
                  "external_id",
                  SampleAudience.externalId(members + i),
                  "account_id",
                  bot,
                  "template_id",
                  template,
                  "variables",
                  Map.of("code", code)));
      accepted.add(message);
      Instant arrived =
          await()
              .atMost(Duration.ofSeconds(20))
              .pollInterval(Duration.ofMillis(20))
              .until(() -> arrivalOf("code " + code), Optional::isPresent)
              .orElseThrow();
      waits.add(Duration.between(posted, arrived).toMillis());
      assertThat(bulkBetween(broadcast, posted, arrived))
          .as("recipients of the broadcast that went first")
          .isLessThan(lookAhead);
    }
    System.out.println("milliseconds from POST to arrival beside a broadcast: " + waits);
    assertThat(waits).as("milliseconds").allMatch(wait -> wait < 3_000);
    assertThat(accepted.stream().map(message -> message.get("broadcast_id").asString()).distinct())
        .hasSize(1);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            api.get("/api/v1/messages")
                    .get("items")
                    .valueStream()
                    .filter(message -> message.get("state").asString().equals("sent"))
                    .count()
                == messages);
    String carrier = accepted.getFirst().get("broadcast_id").asString();
    JsonNode report = simulators.get("/simulator/report?marker=" + carrier);
    assertThat(report.get("duplicates").asLong()).isZero();
    assertThat(report.get("distinct").asLong()).isEqualTo(messages);
    api.post("/api/v1/broadcasts/" + broadcast + "/cancel", Map.of());
    Conservation.check(awaitEnd(api, broadcast).getLast());
  }

  private Optional<Instant> arrivalOf(String text) {
    return simulators
        .get("/simulator/messages?channel=telegram&limit=200")
        .get("items")
        .valueStream()
        .filter(message -> message.get("subject").asString().startsWith(text))
        .map(message -> Instant.parse(message.get("accepted_at").asString()))
        .findFirst();
  }

  @Test
  void countsWhatPeopleAnswerAndPressInTelegramAndDoesWhatTheyTellTheBot() {
    RestClient api = shared.newTenant("People");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, 4, count -> {});
    String account =
        walkthrough.telegramAccount(
            "People", shared.simulators().telegram().baseUrl(), "7777:people", 30);
    String template = walkthrough.template("People");
    String broadcast =
        walkthrough.broadcast(
            "People",
            template,
            walkthrough.list("People", 0, 4),
            Map.of("telegram", account),
            testOfLikes(template));
    walkthrough.start(broadcast);
    assertThat(awaitEnd(api, broadcast).getLast().get("sent").asLong()).isEqualTo(4);
    List<JsonNode> contacts =
        api.get("/api/v1/contacts?limit=4").get("items").valueStream().toList();
    var updates = shared.simulators().telegram().updates();
    updates.answer("7777", chat(contacts.get(0)), "Yes");
    updates.press("7777", chat(contacts.get(1)), Walkthrough.LIKE);
    updates.reply("7777", chat(contacts.get(1)), "And thank you");
    updates.reply("7777", chat(contacts.get(2)), "/stop");
    String link =
        api.post(
                "/api/v1/contacts/" + contacts.get(3).get("id").asLong() + "/telegram-link",
                Map.of())
            .get("url")
            .asString();
    assertThat(link).startsWith("https://t.me/simulated_7777_bot?start=");
    updates.reply("7777", "424242", "/start " + link.substring(link.indexOf('=') + 1));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          JsonNode engagement =
              api.exchange("GET", "/api/v1/broadcasts/" + broadcast + "/stats", null)
                  .body()
                  .path("engagement");
          JsonNode kinds = engagement.path("kinds");
          assertThat(engagement.at("/buttons/like/recipients").asLong()).isEqualTo(1);
          assertThat(kinds.at("/replied/recipients").asLong()).as("%s", kinds).isEqualTo(2);
          assertThat(kinds.at("/button/recipients").asLong()).as("%s", kinds).isEqualTo(1);
          JsonNode test = api.get("/api/v1/broadcasts/" + broadcast + "/ab-test");
          assertThat(test.at("/plan/button").asString()).isEqualTo(Walkthrough.LIKE);
          assertThat(
                  test.get("variants")
                      .valueStream()
                      .mapToLong(variant -> variant.get("converted").asLong())
                      .sum())
              .as("%s", test)
              .isEqualTo(1);
        });
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(
                  api.get(contact(contacts.get(2)) + "/opt-outs")
                      .at("/items/0/source")
                      .asString(""))
              .isEqualTo("telegram");
          assertThat(chat(api.get(contact(contacts.get(3))))).isEqualTo("424242");
        });
  }

  /** Two variants that say the same: who presses the button counts. */
  private static Map<String, Object> testOfLikes(String template) {
    List<Map<String, Object>> variants = new ArrayList<>();
    for (String name : List.of("A", "B")) {
      Map<String, Object> content = Map.of("telegram", Map.of("template_id", template));
      variants.add(Map.of("name", name, "percent", 50, "channels", content));
    }
    return Map.of(
        "variants",
        variants,
        "channel",
        "telegram",
        "metric",
        "button",
        "button",
        Walkthrough.LIKE,
        "duration",
        "PT1M");
  }

  private static String chat(JsonNode contact) {
    return contact.get("telegram_chat_id").asString();
  }

  private static String contact(JsonNode contact) {
    return "/api/v1/contacts/" + contact.get("id").asLong();
  }

  private long bulkBetween(String broadcast, Instant from, Instant to) {
    return simulators
        .get("/simulator/messages?channel=telegram&limit=200")
        .get("items")
        .valueStream()
        .filter(message -> message.get("marker").asString().equals(broadcast))
        .map(message -> Instant.parse(message.get("accepted_at").asString()))
        .filter(at -> at.isAfter(from) && at.isBefore(to))
        .count();
  }

  private String start(RestClient api, String name) {
    return start(api, name, "all", "email", "telegram");
  }

  private String start(RestClient api, String name, String mode, String... order) {
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importContacts(0, CONTACTS, count -> {});
    Map<String, String> accounts = new LinkedHashMap<>();
    accounts.put(
        "email",
        walkthrough.emailAccount("Server", "localhost", shared.simulators().smtp().port(), 0, 8));
    accounts.put(
        "telegram",
        walkthrough.telegramAccount(
            "Bot", "http://localhost:" + shared.simulators().telegram().port(), "1:bot", 1_000));
    List<Map<String, String>> channels = new ArrayList<>();
    for (String channel : order) {
      channels.add(Map.of("channel", channel, "account_id", accounts.get(channel)));
    }
    String broadcast =
        api.post(
                "/api/v1/broadcasts",
                Map.of(
                    "name",
                    name,
                    "template_id",
                    walkthrough.template(name),
                    "list_id",
                    walkthrough.list(name, 0, CONTACTS),
                    "channels",
                    channels,
                    "channel_mode",
                    mode))
            .get("id")
            .asString();
    dryRun = api.post("/api/v1/broadcasts/" + broadcast + "/dry-run", Map.of());
    walkthrough.start(broadcast);
    return broadcast;
  }

  static List<JsonNode> awaitEnd(RestClient api, String broadcast) {
    List<JsonNode> readings = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (true) {
      JsonNode progress = new Walkthrough(api).progress(broadcast);
      readings.add(progress);
      String state = progress.get("state").asString();
      if (List.of("completed", "failed", "cancelled", "paused").contains(state)) {
        return readings;
      }
      assertThat(System.nanoTime()).as("did not end: %s", progress).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** Analytics reads the log on its own, so it may be a moment behind. */
  private static void statsMustEqual(RestClient api, String broadcast, JsonNode progress) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<String> ends = List.of("sent", "failed", "dead", "in_doubt", "retrying");
    while (true) {
      JsonNode counts =
          api.exchange("GET", "/api/v1/broadcasts/" + broadcast + "/stats", null)
              .body()
              .path("counts");
      boolean equal =
          ends.stream().allMatch(end -> counts.path(end).asLong(-1) == progress.get(end).asLong());
      if (equal) {
        return;
      }
      assertThat(System.nanoTime())
          .as("stats %s, progress %s", counts, progress)
          .isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }
}
