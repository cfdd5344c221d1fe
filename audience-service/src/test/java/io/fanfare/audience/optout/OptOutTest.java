package io.fanfare.audience.optout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class OptOutTest {

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  OptOutTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void keepsWhoWhenAndWhyUntilTheContactOptsInAgain() {
    long contact = scenario.contacts(1).getFirst();
    assertThat(list(contact)).isEmpty();
    Answer email =
        optOut(contact, "{\"channel\": \"email\", \"reason\": \"Enough\", \"source\": \"call\"}");
    assertThat(email.status()).isEqualTo(200);
    JsonNode optOut = email.body().at("/items/0");
    assertThat(optOut.path("channel").asString()).isEqualTo("email");
    assertThat(optOut.path("reason").asString()).isEqualTo("Enough");
    assertThat(optOut.path("source").asString()).isEqualTo("call");
    assertThat(optOut.path("actor").asString()).isEqualTo("key:test");
    assertThat(optOut.path("since").asString()).isNotBlank();
    // What stands already stays as it is, and nobody is told again.
    assertThat(optOut(contact, "{\"channel\": \"email\", \"reason\": \"Other\"}").body())
        .isEqualTo(email.body());
    assertThat(optOut(contact, "{}").body().path("items")).hasSize(2);
    assertThat(list(contact)).hasSize(2).anyMatch(item -> !item.has("channel"));
    assertThat(optIn(contact, "?channel=telegram").body().path("items")).hasSize(2);
    assertThat(optIn(contact, "?channel=email").body().path("items")).hasSize(1);
    optOut(contact, "{\"channel\": \"telegram\"}");
    assertThat(optIn(contact, "").body().path("items")).isEmpty();
    assertThat(optIn(contact, "").status()).isEqualTo(200);

    List<ContactSuppression> told = told(contact, last -> last.suppressions().isEmpty());
    assertThat(told)
        .extracting(change -> change.suppressions().stream().map(OptOutTest::name).toList())
        .containsExactly(
            List.of("email opted_out"),
            List.of("null opted_out", "email opted_out"),
            List.of("null opted_out"),
            List.of("null opted_out", "telegram opted_out"),
            List.of());
    assertThat(told).extracting(ContactSuppression::version).isSorted().doesNotHaveDuplicates();
    assertThat(told).allMatch(change -> change.tenantId().equals(scenario.tenant()));
    assertThat(audited())
        .containsExactly(
            "opt_out null {channel=email}",
            "opt_out null {channel=all}",
            "opt_in {channel=email} null",
            "opt_out null {channel=telegram}",
            "opt_in {channel=all} null");
  }

  @Test
  void saysSoWhenTheBrokerHasNotGotItInTimeAndWhenItHas() {
    long contact = scenario.contacts(1).getFirst();
    Answer kept =
        audience
            .bean(TransactionOperations.class)
            .execute(status -> {
              // As while a relay waits for the broker: nothing else of the outbox is published.
              audience
                  .bean(JdbcTemplate.class)
                  .query(
                      "select pg_advisory_xact_lock(hashtext('outbox:' || current_schema()))",
                      row -> {});
              return optOut(contact, "{}");
            });
    assertThat(kept.status()).isEqualTo(202);
    assertThat(kept.body().path("items")).hasSize(1);
    Answer holds = optOut(contact, "{}");
    assertThat(holds.status()).isEqualTo(200);
    assertThat(holds.body()).isEqualTo(kept.body());
    assertThat(told(contact, last -> true)).hasSize(1);
  }

  @Test
  void tellsWhoOptedOutAndInWhenAndWhyNewestFirst() {
    scenario.categories(false, "news");
    long contact = scenario.contacts(1).getFirst();
    optOut(contact, "{\"category\": \"news\", \"reason\": \"Enough\", \"source\": \"call\"}");
    optOut(contact, "{\"category\": \"news\"}");
    optIn(contact, "?category=news&reason=Misses%20it&source=call");
    optIn(contact, "?category=news");
    optOut(contact, "{}");
    optOut(contact, "{\"channel\": \"email\"}");
    optIn(contact, "");
    assertThat(history(contact, ""))
        .containsExactly(
            "opt_in email null null null key:test",
            "opt_in null null null null key:test",
            "opt_out email null null null key:test",
            "opt_out null null null null key:test",
            "opt_in null news Misses it call key:test",
            "opt_out null news Enough call key:test");
    JsonNode first = audience.get(scenario.tenant(), path(contact) + "/history?limit=4").body();
    assertThat(history(contact, "?limit=4&after=" + first.path("next").asString()))
        .hasSize(2)
        .endsWith("opt_out null news Enough call key:test");
    assertThat(first.at("/items/0/at").asString()).isNotBlank();
    assertThat(audience.get(Ids.next(), path(contact) + "/history").code())
        .isEqualTo("contact_not_found");
    audience
        .jdbc()
        .update(
            "insert into opt_out_change (tenant_id, contact_id, receives, channel, category, actor,"
                + " changed_at) select ?, ?, false, '*', '*', 'x', now()"
                + " from generate_series(1, 250)",
            scenario.tenant(),
            contact);
    optOut(contact, "{}");
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select count(*) from opt_out_change where contact_id = ?",
                    Long.class,
                    contact))
        .isEqualTo(200);
  }

  @Test
  void ofACategoryNobodyKnowsOrThatIsMandatoryNobodyOptsOut() {
    scenario.categories(true, "billing");
    scenario.categories(false, "news");
    new Scenario(audience).categories(false, "foreign");
    long contact = scenario.contacts(1).getFirst();
    for (String name : List.of("billing", "foreign", "", "*")) {
      Answer refused = optOut(contact, "{\"category\": \"%s\"}".formatted(name));
      assertThat(refused.status()).as(name).isEqualTo(422);
      assertThat(refused.pointer(0)).isEqualTo("/category");
    }
    Answer both = optOut(contact, "{\"category\": \"news\", \"channel\": \"email\"}");
    assertThat(both.pointer(0)).isEqualTo("/category");
    optOut(contact, "{}");
    assertThat(optIn(contact, "?category=*").status()).isEqualTo(422);
    assertThat(optIn(contact, "?category=").status()).isEqualTo(422);
    assertThat(optIn(contact, "?category=news&channel=email").status()).isEqualTo(422);
    assertThat(optIn(contact, "?reason=" + "x".repeat(501)).status()).isEqualTo(422);
    assertThat(list(contact)).hasSize(1);
  }

  @Test
  void whoOptedOutOfACategoryGetsTheOthersAtTheFreezeAndAtTheRelease() {
    scenario.categories(false, "news", "offers");
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    List<Long> contacts = scenario.contacts(93);
    optOut(contacts.get(0), "{\"category\": \"news\"}");
    optOut(contacts.get(1), "{\"category\": \"offers\"}");
    optOut(contacts.get(2), "{\"category\": \"news\"}");
    optOut(contacts.get(2), "{}");
    BroadcastControl broadcast =
        scenario.start(
            "news", scenario.list(contacts), Scenario.plan(Channel.TELEGRAM, account, 1));
    worker.follow(broadcast);
    assertThat(scenario.awaitFrozen(broadcast).path("skipped_by_reason"))
        .hasToString("{\"opted_out\":1,\"opted_out_of_category\":1}");
    List<SendMessage> first = worker.await(90);
    // One is left: it opts out of the category after the start. Another one's retry is the
    // ledger's.
    optOut(contacts.get(92), "{\"category\": \"news\"}");
    assertThat(first.getFirst().contactId()).isEqualTo(contacts.get(1));
    worker.end(first.subList(0, 1), Outcome.RETRYING);
    optOut(contacts.get(1), "{\"category\": \"news\"}");
    worker.announce(FakeWorker.retryOf(first.getFirst(), Bucket.RETRYING, false));
    await().atMost(Duration.ofSeconds(20)).until(() -> dueRetries(broadcast) == 1);
    worker.end(first.subList(1, 90), Outcome.SENT);
    SendMessage retry = worker.await(1).getFirst();
    assertThat(retry.suppressed()).isEqualTo(Suppression.OPTED_OUT_OF_CATEGORY);
    assertThat(retry.address()).isNull();
    worker.end(List.of(retry), Outcome.SKIPPED);
    JsonNode end = scenario.awaitProgress(broadcast, p -> p.path("skipped").asLong() == 4);
    assertThat(end.path("skipped_by_reason"))
        .hasToString("{\"at_send\":1,\"opted_out\":1,\"opted_out_of_category\":2}");
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(89);
    assertThat(told(contacts.get(2), last -> last.suppressions().size() == 2).getLast())
        .extracting(change -> change.suppressions().stream().map(OptOutTest::name).toList())
        .isEqualTo(List.of("null opted_out", "null opted_out_of_category news"));
  }

  @Test
  void whoUnsubscribesIsOptedOutOfTheCategoryIfThatMayBe() {
    scenario.categories(false, "news");
    scenario.categories(true, "billing");
    List<Long> contacts = scenario.contacts(3);
    happened(contacts.get(0), Kind.UNSUBSCRIBED, Channel.EMAIL, "news", null);
    happened(contacts.get(1), Kind.UNSUBSCRIBED, Channel.EMAIL, "billing", null);
    happened(contacts.get(2), Kind.UNSUBSCRIBED, Channel.EMAIL, "gone", null);
    happened(contacts.get(2), Kind.COMPLAINED, Channel.TELEGRAM, "news", null);
    for (long contact : contacts) {
      await().atMost(Duration.ofSeconds(20)).until(() -> !list(contact).isEmpty());
    }
    assertThat(list(contacts.get(0)).getFirst().path("category").asString()).isEqualTo("news");
    assertThat(list(contacts.get(0)).getFirst().has("channel")).isFalse();
    assertThat(optedOut(contacts.get(1))).containsExactly("email unsubscribed engagement system");
    await().atMost(Duration.ofSeconds(20)).until(() -> list(contacts.get(2)).size() == 2);
    assertThat(list(contacts.get(2))).noneMatch(item -> item.has("category"));
  }

  @Test
  void aFormOfPreferencesCountsOnceAndOptsInOnlyWhoKnewOfEverything() {
    scenario.categories(false, "news", "offers");
    scenario.categories(true, "billing");
    long contact = scenario.contacts(1).getFirst();
    optOut(contact, "{\"channel\": \"email\"}");
    JsonNode shown = preferences(contact);
    assertThat(shown.path("stopped").asBoolean()).isFalse();
    assertThat(shown.path("channels"))
        .hasToString(
            "[{\"channel\":\"email\",\"stopped\":true},"
                + "{\"channel\":\"telegram\",\"stopped\":false}]");
    assertThat(shown.path("categories").valueStream().map(OptOutTest::category))
        .containsExactly("billing mandatory", "news", "offers");
    long seen = shown.path("seen").asLong();
    UUID form = Ids.next();
    var stopNews = new ContactPreference.Choice(null, "news", false);
    var stopBilling = new ContactPreference.Choice(null, "billing", false);
    var stopGone = new ContactPreference.Choice(null, "gone", false);
    var email = new ContactPreference.Choice(Channel.EMAIL, null, true);
    choose(form, contact, seen, stopNews, stopBilling, stopGone, email);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> history(contact, "").getFirst().startsWith("opt_in email"));
    assertThat(preferences(contact).path("categories").valueStream().map(OptOutTest::category))
        .containsExactly("billing mandatory", "news stopped", "offers");
    assertThat(list(contact).getFirst().path("source").asString()).isEqualTo("preferences");
    assertThat(list(contact).getFirst().path("actor").asString()).isEqualTo("contact");
    // The same form again, after another change of mind; and an old page that would opt in.
    optIn(contact, "?category=news");
    optOut(contact, "{\"channel\": \"email\"}");
    choose(form, contact, seen, stopNews, email);
    choose(Ids.next(), contact, seen, email, new ContactPreference.Choice(null, "offers", false));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> history(contact, "").getFirst().startsWith("opt_out null offers"));
    assertThat(list(contact))
        .extracting(item -> item.path("channel").asString() + item.path("category").asString())
        .containsExactly("email", "offers");
    // Everything, and back: what was chosen before stands.
    choose(Ids.next(), contact, newest(contact), new ContactPreference.Choice(null, null, false));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> preferences(contact).path("stopped").asBoolean());
    choose(Ids.next(), contact, newest(contact), new ContactPreference.Choice(null, null, true));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !preferences(contact).path("stopped").asBoolean());
    assertThat(list(contact)).hasSize(2);
    assertThat(audience.get(Ids.next(), preferencesPath(contact)).status()).isEqualTo(404);
  }

  @Test
  void refusesWhatCannotBe() {
    long contact = scenario.contacts(1).getFirst();
    assertThat(optOut(contact, "{\"channel\": \"pigeon\"}").pointer(0)).isEqualTo("/channel");
    assertThat(optOut(contact, "{\"channel\": \"pigeon\"}").status()).isEqualTo(422);
    assertThat(optIn(contact, "?channel=pigeon").status()).isEqualTo(422);
    String longReason = "{\"reason\": \"" + "x".repeat(501) + "\"}";
    assertThat(optOut(contact, longReason).pointer(0)).isEqualTo("/reason");
    String longSource = "{\"source\": \"" + "x".repeat(101) + "\"}";
    assertThat(optOut(contact, longSource).pointer(0)).isEqualTo("/source");
    assertThat(optOut(contact, "{\"source\": \"a\\u0000\"}").status()).isEqualTo(422);
    assertThat(optOut(contact, "{").status()).isEqualTo(400);
    assertThat(optOut(Long.MAX_VALUE, "{}").code()).isEqualTo("contact_not_found");
    assertThat(optIn(Long.MAX_VALUE, "").status()).isEqualTo(404);
    assertThat(audience.get(scenario.tenant(), path(Long.MAX_VALUE)).status()).isEqualTo(404);
    assertThat(list(contact)).isEmpty();
  }

  @Test
  void whoOptedOutBeforeTheFreezeIsSkipped() {
    List<Long> contacts = scenario.contacts(10);
    optOut(contacts.get(0), "{}");
    optOut(contacts.get(1), "{\"channel\": \"email\"}");
    optOut(contacts.get(2), "{\"channel\": \"telegram\"}");
    optOut(contacts.get(3), "{}");
    optIn(contacts.get(3), "");
    // Accounts nobody knows: nothing is released.
    BroadcastControl broadcast =
        scenario.start(
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, Ids.next(), 4),
            Scenario.plan(Channel.TELEGRAM, Ids.next(), 1));
    JsonNode progress = scenario.awaitFrozen(broadcast);
    assertThat(progress.path("planned").asLong()).isEqualTo(20);
    assertThat(progress.path("pending").asLong()).isEqualTo(16);
    assertThat(progress.path("skipped_by_reason")).hasToString("{\"opted_out\":4}");
    JsonNode skipped =
        audience
            .get(scenario.tenant(), "/api/v1/broadcasts/" + broadcast.broadcastId() + "/skipped")
            .body()
            .path("items");
    assertThat(skipped.valueStream().map(item -> item.path("contact_id").asLong()))
        .containsExactlyInAnyOrder(
            contacts.get(0), contacts.get(0), contacts.get(1), contacts.get(2));
  }

  @Test
  void whoOptsOutBeforeTheReleaseIsSkippedAndARetryIsLeftToTheLedgerToSkip() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    List<Long> contacts = scenario.contacts(120);
    BroadcastControl broadcast = start(contacts, Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    optOut(contacts.get(100), "{}");
    optOut(contacts.get(101), "{\"channel\": \"telegram\"}");
    optOut(contacts.get(102), "{\"channel\": \"email\"}");
    optOut(contacts.get(103), "{}");
    optIn(contacts.get(103), "");
    worker.end(first.subList(0, 1), Outcome.RETRYING);
    optOut(contacts.get(0), "{}");
    worker.announce(FakeWorker.retryOf(first.getFirst(), Bucket.RETRYING, false));
    await().atMost(Duration.ofSeconds(20)).until(() -> dueRetries(broadcast) == 1);
    worker.end(first.subList(1, 90), Outcome.SENT);
    List<SendMessage> rest = worker.await(29);

    SendMessage retry =
        rest.stream().filter(command -> command.suppressed() != null).findAny().orElseThrow();
    assertThat(retry.contactId()).isEqualTo(contacts.get(0));
    assertThat(retry.suppressed()).isEqualTo(Suppression.OPTED_OUT);
    assertThat(retry.address()).isNull();
    assertThat(retry.data()).isEqualTo(Map.of("contact", Map.of()));
    assertThat(rest)
        .extracting(SendMessage::contactId)
        .hasSize(29)
        .contains(contacts.get(102), contacts.get(103))
        .doesNotContain(contacts.get(100), contacts.get(101));
    rest.forEach(command ->
        worker.end(
            List.of(command), command.suppressed() == null ? Outcome.SENT : Outcome.SKIPPED));
    JsonNode end = scenario.awaitProgress(broadcast, p -> p.path("skipped").asLong() == 3);
    assertThat(end.path("skipped_by_reason")).hasToString("{\"at_send\":1,\"opted_out\":2}");
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(117);
  }

  @Test
  void whatIsPublishedAgainIsCheckedAgain() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    List<Long> contacts = scenario.contacts(3);
    BroadcastControl broadcast = start(contacts, Scenario.plan(Channel.EMAIL, account, 1));
    assertThat(worker.await(3)).allMatch(command -> command.suppressed() == null);
    optOut(contacts.get(1), "{}");
    audience
        .jdbc()
        .update(
            "update handover set published_at = null, handed_over_at = now() - interval '1 hour'"
                + " where broadcast_id = ?",
            broadcast.broadcastId());
    assertThat(worker.await(3))
        .allMatch(command ->
            (command.contactId() == contacts.get(1))
                == (command.suppressed() != null && command.address() == null));
  }

  @Test
  void anErasedContactIsSuppressedForCommandsOnTheirWay() {
    long contact = scenario.contacts(1).getFirst();
    optOut(contact, "{}");
    Answer erased =
        audience.request(
            AudienceService.identity(scenario.tenant(), Role.EDITOR),
            "DELETE",
            "/api/v1/contacts/" + contact,
            null,
            Map.of());
    assertThat(erased.status()).isEqualTo(204);
    assertThat(told(contact, last -> name(last.suppressions().getFirst()).endsWith("erased")))
        .hasSize(2);
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select (select count(*) from opt_out where contact_id = ?)"
                        + " + (select count(*) from opt_out_change where contact_id = ?)",
                    Long.class,
                    contact,
                    contact))
        .isZero();
  }

  @Test
  void whoUnsubscribesOrComplainsIsOptedOutOfTheMessagesChannelOnce() {
    List<Long> contacts = scenario.contacts(6);
    happened(contacts.get(0), Kind.UNSUBSCRIBED, Channel.EMAIL, null, null);
    happened(contacts.get(1), Kind.BOUNCED, Channel.EMAIL, "hard", null);
    happened(contacts.get(2), Kind.COMPLAINED, Channel.TELEGRAM, null, null);
    happened(contacts.get(3), Kind.BOUNCED, Channel.EMAIL, "soft", null);
    happened(contacts.get(3), Kind.CLICKED, Channel.EMAIL, null, null);
    happened(contacts.get(4), Kind.UNSUBSCRIBED, Channel.EMAIL, null, "scanner_agent");
    happened(Long.MAX_VALUE, Kind.UNSUBSCRIBED, Channel.EMAIL, null, null);
    happened(contacts.get(0), Kind.COMPLAINED, Channel.EMAIL, null, null);
    happened(Ids.next(), contacts.get(5), Kind.UNSUBSCRIBED, Channel.EMAIL, null, null);
    String garbageKey = Long.toString(contacts.get(0));
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      probe.produce(
          "engagement.events",
          garbageKey,
          "{".getBytes(StandardCharsets.UTF_8),
          Map.of(EventCodec.TYPE_HEADER, "engagement.unsubscribed"));
      probe.await(
          "engagement.events.audience-service.engagement.dlt",
          Duration.ofSeconds(20),
          records ->
              records.stream().anyMatch(record -> garbageKey.equals(new String(record.key()))));
    }
    // Everything told before is handled by the time the last one of each contact is.
    for (long contact : contacts) {
      happened(contact, Kind.UNSUBSCRIBED, Channel.TELEGRAM, null, null);
    }
    for (long contact : contacts) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> optedOut(contact).stream().anyMatch(line -> line.startsWith("telegram ")));
    }

    String telegram = "telegram unsubscribed engagement system";
    assertThat(optedOut(contacts.get(0)))
        .containsExactly("email unsubscribed engagement system", telegram);
    // What bounces says nothing of who has the address, only of the address.
    assertThat(optedOut(contacts.get(1))).containsExactly(telegram);
    assertThat(told(contacts.get(1), last -> last.suppressions().size() == 2))
        .extracting(change -> change.suppressions().stream().map(OptOutTest::name).toList())
        .containsExactly(
            List.of("email suppressed"), List.of("telegram opted_out", "email suppressed"));
    assertThat(optedOut(contacts.get(2))).containsExactly("telegram complained engagement system");
    assertThat(optedOut(contacts.get(3))).containsExactly(telegram);
    assertThat(optedOut(contacts.get(4))).containsExactly(telegram);
    assertThat(told(contacts.get(0), last -> last.suppressions().size() == 3))
        .last()
        .extracting(change -> change.suppressions().stream().map(OptOutTest::name).toList())
        .isEqualTo(List.of("email opted_out", "telegram opted_out", "email suppressed"));
    assertThat(told(contacts.get(2), last -> last.suppressions().size() == 2)).hasSize(2);
    assertThat(told(contacts.get(3), last -> true)).hasSize(1);
    // Of another tenant's contact nothing is known.
    assertThat(optedOut(contacts.get(5))).containsExactly(telegram);
  }

  @Test
  void whatPeopleTellABotLinksTheirChatsAndOptsThemInAndOut() {
    List<Long> contacts = scenario.contacts(4);
    long chat = 7_000_000_000L + contacts.getFirst();
    optOut(contacts.get(0), "{\"channel\": \"telegram\"}");
    optOut(contacts.get(0), "{\"channel\": \"email\"}");
    said(scenario.tenant(), ContactSignal.Kind.LINKED, chat, contacts.get(0));
    said(scenario.tenant(), ContactSignal.Kind.LINKED, chat, contacts.get(1));
    said(scenario.tenant(), ContactSignal.Kind.LINKED, chat, Long.MAX_VALUE);
    said(Ids.next(), ContactSignal.Kind.LINKED, chat, contacts.get(2));
    said(Ids.next(), ContactSignal.Kind.STOPPED, chat, null);
    said(scenario.tenant(), ContactSignal.Kind.STOPPED, chat + 1, null);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> chatOf(contacts.get(1)) == chat && optedOut(contacts.get(1)).isEmpty());
    assertThat(chatOf(contacts.get(0))).isEqualTo(chat);
    assertThat(chatOf(contacts.get(2))).isNotEqualTo(chat);
    assertThat(optedOut(contacts.get(0))).singleElement().asString().startsWith("email");

    said(scenario.tenant(), ContactSignal.Kind.STOPPED, chat, null);
    awaitTelegram(contacts.get(1), "telegram stopped telegram system");
    // Of contacts that have the chat in common all.
    awaitTelegram(contacts.get(0), "telegram stopped telegram system");
    said(scenario.tenant(), ContactSignal.Kind.STARTED, chat, null);
    await().atMost(Duration.ofSeconds(20)).until(() -> optedOut(contacts.get(1)).isEmpty());
    said(scenario.tenant(), ContactSignal.Kind.BLOCKED, chat, null);
    awaitTelegram(contacts.get(1), "telegram blocked telegram system");
    assertThat(optedOut(contacts.get(2))).isEmpty();
    assertThat(optedOut(contacts.get(3))).isEmpty();
    assertThat(audited()).contains("update null {fields=[telegram_chat_id]}");
  }

  private void awaitTelegram(long contact, String line) {
    await().atMost(Duration.ofSeconds(20)).until(() -> optedOut(contact).contains(line));
  }

  private long chatOf(long contact) {
    return audience
        .get(scenario.tenant(), "/api/v1/contacts/" + contact)
        .body()
        .path("telegram_chat_id")
        .asLong();
  }

  private void said(UUID tenant, ContactSignal.Kind kind, long chat, Long contact) {
    ContactSignal signal =
        new ContactSignal(
            Ids.next(),
            kind,
            tenant,
            Ids.next(),
            Channel.TELEGRAM,
            Long.toString(chat),
            contact,
            Instant.parse("2026-11-23T07:00:01Z"));
    audience.producer().send(Topics.CONTACT_SIGNAL, signal.key(), signal);
  }

  private void happened(long contact, Kind kind, Channel channel, String name, String machine) {
    happened(scenario.tenant(), contact, kind, channel, name, machine);
  }

  private void happened(
      UUID tenant, long contact, Kind kind, Channel channel, String name, String machine) {
    EngagementEvent event =
        new EngagementEvent(
            Ids.next(),
            kind,
            tenant,
            Ids.next(),
            contact,
            channel,
            "a",
            null,
            null,
            name,
            null,
            Instant.parse("2026-11-23T07:00:01Z"),
            null,
            null,
            machine);
    audience.producer().send(Topics.ENGAGEMENT_EVENTS, Long.toString(contact), event);
  }

  private List<String> optedOut(long contact) {
    return list(contact).stream()
        .map(item ->
            String.join(
                " ",
                item.path("channel").asString(),
                item.path("reason").asString(),
                item.path("source").asString(),
                item.path("actor").asString()))
        .toList();
  }

  private BroadcastControl start(List<Long> contacts, ChannelPlan plan) {
    BroadcastControl broadcast = scenario.start(scenario.list(contacts), plan);
    worker.follow(broadcast);
    return broadcast;
  }

  private List<String> history(long contact, String query) {
    return audience
        .get(scenario.tenant(), path(contact) + "/history" + query)
        .body()
        .path("items")
        .valueStream()
        .map(item ->
            String.join(
                " ",
                item.path("change").asString(),
                text(item, "channel"),
                text(item, "category"),
                text(item, "reason"),
                text(item, "source"),
                item.path("actor").asString()))
        .toList();
  }

  private static String text(JsonNode item, String field) {
    return item.has(field) ? item.path(field).asString() : "null";
  }

  private static String category(JsonNode category) {
    return category.path("name").asString()
        + (category.path("mandatory").asBoolean() ? " mandatory" : "")
        + (category.path("stopped").asBoolean() ? " stopped" : "");
  }

  private static String preferencesPath(long contact) {
    return "/internal/v1/contacts/" + contact + "/preferences";
  }

  private JsonNode preferences(long contact) {
    return audience.get(scenario.tenant(), preferencesPath(contact)).body();
  }

  private long newest(long contact) {
    return preferences(contact).path("seen").asLong();
  }

  private void choose(UUID form, long contact, long seen, ContactPreference.Choice... choices) {
    var chosen =
        new ContactPreference(
            form,
            scenario.tenant(),
            contact,
            seen,
            List.of(choices),
            Instant.parse("2026-11-23T07:00:01Z"));
    audience.producer().send(Topics.CONTACT_PREFERENCE, chosen.key(), chosen);
  }

  private static String path(long contact) {
    return "/api/v1/contacts/" + contact + "/opt-outs";
  }

  private Answer optOut(long contact, String body) {
    return request("PUT", path(contact), body);
  }

  private Answer optIn(long contact, String query) {
    return request("DELETE", path(contact) + query, null);
  }

  private Answer request(String method, String path, String body) {
    return audience.request(
        AudienceService.identity(scenario.tenant(), Role.EDITOR), method, path, body, Map.of());
  }

  private List<JsonNode> list(long contact) {
    return audience
        .get(scenario.tenant(), path(contact))
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  private static String name(Suppression suppression) {
    return suppression.channel()
        + " "
        + suppression.code()
        + (suppression.category() == null ? "" : " " + suppression.category());
  }

  /** What was told of a contact, once the last record is as it should be. */
  private List<ContactSuppression> told(long contact, Predicate<ContactSuppression> last) {
    String key = scenario.tenant() + ":" + contact;
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  probe.readAll("contact.suppression").stream()
                      .filter(record -> new String(record.key()).equals(key))
                      .map(record -> EventCodec.decode(ContactSuppression.class, record.value()))
                      .toList(),
              changes -> !changes.isEmpty() && last.test(changes.getLast()));
    }
  }

  private List<String> audited() {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll("audit.recorded").stream()
          .map(record -> EventCodec.decode(AuditRecorded.class, record.value()))
          .filter(entry -> scenario.tenant().equals(entry.tenantId()))
          .map(entry -> entry.action() + " " + entry.before() + " " + entry.after())
          .toList();
    }
  }

  private long dueRetries(BroadcastControl broadcast) {
    return audience
        .jdbc()
        .queryForObject(
            "select count(*) from due_retry where broadcast_id = ?",
            Long.class,
            broadcast.broadcastId());
  }
}
