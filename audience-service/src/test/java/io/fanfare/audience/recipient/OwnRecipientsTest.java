package io.fanfare.audience.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.Ids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Who is pending, handed over, skipped or cancelled, page by page. */
@ExtendWith(AudienceExtension.class)
class OwnRecipientsTest {

  private final AudienceService audience;
  private final Scenario scenario;

  OwnRecipientsTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
  }

  @Test
  void everybodyIsInOneStateFromTheFreezeToTheCancellation() {
    List<Long> contacts = scenario.contacts(30);
    audience
        .jdbc()
        .update("update contact set email = null where id = any(?)", (Object) ids(contacts, 0, 3));
    UUID mail = scenario.account(Channel.EMAIL, 1, 4);
    try (FakeWorker worker = new FakeWorker(audience)) {
      BroadcastControl broadcast =
          scenario.start(scenario.list(contacts), Scenario.plan(Channel.EMAIL, mail, 1));
      worker.follow(broadcast);
      List<SendMessage> commands = new ArrayList<>(worker.await(12));
      commands.addAll(worker.settled());
      List<Long> sent = commands.stream().map(SendMessage::contactId).sorted().toList();

      assertThat(all(broadcast, "skipped", 2)).isEqualTo(contacts.subList(0, 3));
      assertThat(all(broadcast, "in_flight", 5)).isEqualTo(sent);
      List<Long> pending = new ArrayList<>(contacts.subList(3, 30));
      pending.removeAll(sent);
      assertThat(all(broadcast, "pending", 4)).isEqualTo(pending);
      assertThat(all(broadcast, "cancelled", 4)).isEmpty();
      JsonNode skipped = page(broadcast, "skipped", "&limit=1").at("/items/0");
      assertThat(skipped.get("reason").asString()).isEqualTo("no_address");
      assertThat(skipped.has("at")).isTrue();
      assertThat(page(broadcast, "pending", "&limit=9&channel=telegram").get("items")).isEmpty();
      assertThat(
              audience
                  .get(Ids.next(), path(broadcast) + "?state=pending&limit=9")
                  .body()
                  .get("items"))
          .isEmpty();

      JsonNode released = history(broadcast, sent.getFirst());
      assertThat(released.has("frozen_at")).isTrue();
      assertThat(released.at("/entries/0/kind").asString()).isEqualTo("released");
      assertThat(released.at("/entries/0/segment").asInt()).isEqualTo(1);
      assertThat(history(broadcast, contacts.getFirst()).at("/entries/0/reason").asString())
          .isEqualTo("no_address");
      assertThat(history(broadcast, pending.getLast()).at("/entries/0/kind").asString())
          .isEqualTo("pending");
      assertThat(history(broadcast, -1).get("entries")).isEmpty();
      assertThat(
              audience
                  .get(Ids.next(), path(broadcast) + "/" + sent.getFirst())
                  .body()
                  .get("entries"))
          .isEmpty();

      // Given back untried, a recipient is pending again and no longer in flight.
      scenario.moveAndAwait(broadcast, BroadcastState.PAUSED);
      worker.end(commands.subList(0, 2), Outcome.RETURNED);
      scenario.awaitProgress(broadcast, p -> p.path("pending").asLong() == pending.size() + 2);
      Set<Long> back = Set.of(commands.get(0).contactId(), commands.get(1).contactId());
      assertThat(all(broadcast, "pending", 3)).containsAll(back).hasSize(pending.size() + 2);
      assertThat(all(broadcast, "in_flight", 3)).doesNotContainAnyElementsOf(back);

      worker.end(commands.subList(2, commands.size()), Outcome.SENT);
      scenario.move(scenario.move(broadcast, BroadcastState.PAUSED), BroadcastState.CANCELLED);
      scenario.awaitProgress(broadcast, p -> p.path("cancelled").asLong() == pending.size() + 2);
      assertThat(all(broadcast, "pending", 3)).isEmpty();
      assertThat(all(broadcast, "cancelled", 3)).containsAll(back).hasSize(pending.size() + 2);
      assertThat(history(broadcast, pending.getLast()).at("/entries/0/kind").asString())
          .isEqualTo("cancelled");
      assertThat(page(broadcast, "cancelled", "&limit=1").at("/items/0/reason").asString())
          .isEqualTo("broadcast_cancelled");
    }
  }

  @Test
  void pagesHoldEverybodyOnceInOrderHoweverTheyAreKept() {
    UUID broadcast = Ids.next();
    audience
        .jdbc()
        .update(
            """
            insert into broadcast_run (broadcast_id, tenant_id, epoch, state, open, control)
            values (?, ?, 1, 'completed', false, '{}')
            """,
            broadcast,
            scenario.tenant());
    Random random = new Random(7);
    Set<Long> kept = new TreeSet<>();
    Set<Long> free = new HashSet<>();
    for (long id = 1; id <= 400; id++) {
      free.add(id);
    }
    while (!free.isEmpty()) {
      List<Long> some = new ArrayList<>(free);
      java.util.Collections.shuffle(some, random);
      // Beside one another and far apart, many and few, in any order.
      some = some.subList(0, Math.min(some.size(), 1 + random.nextInt(random.nextInt(40) + 1)));
      some.forEach(free::remove);
      kept.addAll(some);
      audience
          .jdbc()
          .update(
              """
              insert into skipped (broadcast_id, channel, reason, contact_ids, size)
              values (?, 'email', 'opted_out', ?, ?)
              """,
              broadcast,
              some.stream().mapToLong(Long::longValue).toArray(),
              some.size());
    }
    for (int limit : List.of(1, 3, 17, 400, 1_000)) {
      assertThat(all(path(broadcast) + "?state=skipped", limit))
          .as("limit %d", limit)
          .containsExactlyElementsOf(kept);
    }
  }

  @Test
  void tellsWhoContactsAreToTheirTenantAlone() {
    List<Long> contacts = scenario.contacts(2);
    String body = contacts.toString();
    JsonNode known =
        audience.post(scenario.tenant(), "/internal/v1/contacts/addresses", body).body();
    assertThat(known).hasSize(2);
    assertThat(known.get(0).get("email").asString()).endsWith("@example.org");
    assertThat(known.get(0).get("external_id").asString()).startsWith("c-");
    assertThat(audience.post(Ids.next(), "/internal/v1/contacts/addresses", body).body()).isEmpty();
  }

  private static Long[] ids(List<Long> contacts, int from, int to) {
    return contacts.subList(from, to).toArray(Long[]::new);
  }

  private static String path(BroadcastControl broadcast) {
    return path(broadcast.broadcastId());
  }

  private static String path(UUID broadcast) {
    return "/internal/v1/broadcasts/" + broadcast + "/recipients";
  }

  private JsonNode history(BroadcastControl broadcast, long contact) {
    return audience.get(scenario.tenant(), path(broadcast) + "/" + contact).body();
  }

  private JsonNode page(BroadcastControl broadcast, String state, String rest) {
    return audience.get(scenario.tenant(), path(broadcast) + "?state=" + state + rest).body();
  }

  private List<Long> all(BroadcastControl broadcast, String state, int limit) {
    return all(path(broadcast) + "?state=" + state, limit);
  }

  private List<Long> all(String path, int limit) {
    List<Long> all = new ArrayList<>();
    String after = "";
    while (true) {
      JsonNode page = audience.get(scenario.tenant(), path + "&limit=" + limit + after).body();
      page.get("items").forEach(item -> all.add(item.get("contact_id").asLong()));
      if (!page.has("next")) {
        return all;
      }
      after =
          "&after_contact="
              + page.at("/next/contact_id").asLong()
              + "&after_channel="
              + page.at("/next/channel").asString();
    }
  }
}
