package io.fanfare.localstack.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/**
 * The steps of a product team's first broadcast, over REST: accounts, contacts, a list, a template,
 * a broadcast. Every step can be repeated.
 */
public final class Walkthrough {

  /** The data of the button that every template has on Telegram. */
  public static final String LIKE = "like";

  private static final int BATCH = 1_000;
  private static final int LIST_BATCH = 10_000;
  private static final int UPLOADS_AT_ONCE = 2;

  /** Messages a second Telegram takes of a bot without charging for them. */
  private static final int FREE_BOT_RATE = 30;

  private final RestClient api;

  /**
   * @param api with an admin's key
   */
  public Walkthrough(RestClient api) {
    this.api = api;
  }

  /** A mail server account; the one of that name if there is one already. Its id. */
  public String emailAccount(String name, String host, int port, int ratePerSecond, int shards) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("host", host);
    settings.put("port", port);
    settings.put("security", "none");
    settings.put("from", "news@fanfare.example");
    settings.put("from_name", "Fanfare Demo");
    Map<String, Object> account = new LinkedHashMap<>();
    account.put("channel", "email");
    account.put("name", name);
    account.put("settings", settings);
    account.put("rate_per_second", ratePerSecond);
    account.put("shards", shards);
    return account(account, settings);
  }

  /** A bot account; the one of that name if there is one already. Its id. */
  public String telegramAccount(String name, String apiUrl, String token, int ratePerSecond) {
    Map<String, Object> account = new LinkedHashMap<>();
    account.put("channel", "telegram");
    account.put("name", name);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("api_url", apiUrl);
    if (ratePerSecond > FREE_BOT_RATE) {
      settings.put("allow_paid_broadcast", true);
    }
    account.put("settings", settings);
    account.put("secret", Map.of("token", token));
    account.put("rate_per_second", ratePerSecond);
    account.put("shards", 1);
    return account(account, settings);
  }

  private String account(Map<String, Object> account, Map<String, Object> settings) {
    for (JsonNode existing : api.get("/api/v1/channel-accounts?limit=200").get("items")) {
      if (existing.get("name").asString().equals(account.get("name"))
          && has(existing.get("settings"), settings)) {
        return existing.get("id").asString();
      }
    }
    return api.post("/api/v1/channel-accounts", account).get("id").asString();
  }

  /** An account left by an earlier start may point to a port that is another's by now. */
  private static boolean has(JsonNode existing, Map<String, Object> settings) {
    return settings.entrySet().stream()
        .allMatch(setting ->
            setting.getValue().toString().equals(existing.path(setting.getKey()).asString("")));
  }

  /**
   * Imports sample contacts in batches.
   *
   * @param from the number of the first
   * @param count how many
   * @param imported told how many are there after each batch
   */
  public void importContacts(int from, int count, IntConsumer imported) {
    importContacts(from, count, SampleAudience::contacts, imported);
  }

  /** Imports contacts that can all be reached on every channel. */
  public void importReachableContacts(int from, int count, IntConsumer imported) {
    importContacts(from, count, SampleAudience::reachable, imported);
  }

  private void importContacts(
      int from,
      int count,
      BiFunction<Integer, Integer, List<Map<String, Object>>> contacts,
      IntConsumer imported) {
    AtomicInteger done = new AtomicInteger();
    inParallel(
        from,
        count,
        BATCH,
        (start, size) -> {
          JsonNode answer =
              api.post("/api/v1/contacts/batch", Map.of("contacts", contacts.apply(start, size)));
          if (answer.get("errors").size() > 0) {
            throw new IllegalStateException("contacts refused: " + answer.get("errors"));
          }
          imported.accept(done.addAndGet(size));
        });
  }

  /** A new list of sample contacts. Its id. */
  public String list(String name, int from, int count) {
    String list = api.post("/api/v1/lists", Map.of("name", name)).get("id").asString();
    inParallel(
        from,
        count,
        LIST_BATCH,
        (start, size) -> {
          List<String> members = new ArrayList<>(size);
          for (int number = start; number < start + size; number++) {
            members.add(SampleAudience.externalId(number));
          }
          api.post("/api/v1/lists/" + list + "/contacts", Map.of("external_ids", members));
        });
    return list;
  }

  /** A new list of some sample contacts, by their numbers. Its id. */
  public String list(String name, List<Integer> numbers) {
    String list = api.post("/api/v1/lists", Map.of("name", name)).get("id").asString();
    inParallel(
        0,
        numbers.size(),
        LIST_BATCH,
        (start, size) ->
            api.post(
                "/api/v1/lists/" + list + "/contacts",
                Map.of(
                    "external_ids",
                    numbers.subList(start, start + size).stream()
                        .map(SampleAudience::externalId)
                        .toList())));
    return list;
  }

  /** A template with both bodies. Its id. */
  public String template(String name) {
    return template(name, "{{ contact.name }}, {{ broadcast.name }} is here");
  }

  /** The same with a subject of its own. */
  public String template(String name, String subject) {
    Map<String, Object> email = new LinkedHashMap<>();
    email.put("subject", subject);
    email.put(
        "html",
        """
        <h1>Hello {{ contact.name }}</h1>
        <p>Greetings to {{ contact.city | default("wherever you are") }}. You have
        <b>{{ contact.custom.points }}</b> points.</p>
        <p><a href="https://fanfare.example/open">Open</a></p>
        <p style="color:#667">{{ broadcast.name }}, {{ current_date }}</p>
        """);
    email.put(
        "text",
        """
        Hello {{ contact.name }},
        greetings to {{ contact.city | default("wherever you are") }}. You have {{ contact.custom.points }} points.
        {{ broadcast.name }}, {{ current_date }}
        """);
    Map<String, Object> telegram = new LinkedHashMap<>();
    telegram.put(
        "text",
        """
        <b>Hello {{ contact.name }}</b>
        Greetings to {{ contact.city | default("wherever you are") }}. You have {{ contact.custom.points }} points.
        ref:{{ broadcast.id }}\
        """);
    telegram.put("parse_mode", "html");
    telegram.put(
        "buttons",
        List.of(
            List.of(
                Map.of("text", "Open", "url", "https://fanfare.example/open"),
                Map.of("text", "I like it", "data", LIKE))));
    return api.post(
            "/api/v1/templates",
            Map.of("name", name, "channels", Map.of("email", email, "telegram", telegram)))
        .get("id")
        .asString();
  }

  /**
   * A draft.
   *
   * @param accounts the account of each channel it uses
   */
  public String broadcast(
      String name, String templateId, String listId, Map<String, String> accounts) {
    return broadcast(name, templateId, listId, accounts, Map.of());
  }

  /**
   * A draft that tests variants.
   *
   * @param abTest the plan of the test, as the API takes it; empty for none
   */
  public String broadcast(
      String name,
      String templateId,
      String listId,
      Map<String, String> accounts,
      Map<String, Object> abTest) {
    return draft(name, templateId, Map.of("list_id", listId), accounts, abTest);
  }

  /** The same to a segment. */
  public String broadcastToSegment(
      String name,
      String templateId,
      String segmentId,
      Map<String, String> accounts,
      Map<String, Object> abTest) {
    Map<String, String> part = Map.of("kind", "segment", "id", segmentId);
    return draft(
        name, templateId, Map.of("audience", Map.of("include", List.of(part))), accounts, abTest);
  }

  /** A segment by its filter, as the API takes it. */
  public String segment(String name, Map<String, Object> filter) {
    return api.post("/api/v1/segments", Map.of("name", name, "filter", filter))
        .get("id")
        .asString();
  }

  private String draft(
      String name,
      String templateId,
      Map<String, Object> whom,
      Map<String, String> accounts,
      Map<String, Object> abTest) {
    List<Map<String, String>> channels = new ArrayList<>();
    accounts.forEach(
        (channel, account) -> channels.add(Map.of("channel", channel, "account_id", account)));
    Map<String, Object> draft = new LinkedHashMap<>();
    draft.put("name", name);
    draft.put("template_id", templateId);
    draft.putAll(whom);
    draft.put("channels", channels);
    if (!abTest.isEmpty()) {
      draft.put("ab_test", abTest);
    }
    return api.post("/api/v1/broadcasts", draft).get("id").asString();
  }

  /** Starts a draft. */
  public void start(String broadcastId) {
    api.post("/api/v1/broadcasts/" + broadcastId + "/start", Map.of());
  }

  /** How far a broadcast is. */
  public JsonNode progress(String broadcastId) {
    return api.get("/api/v1/broadcasts/" + broadcastId + "/progress");
  }

  private static void inParallel(int from, int count, int batch, BatchAction action) {
    Semaphore slots = new Semaphore(UPLOADS_AT_ONCE);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> uploads = new ArrayList<>();
      for (int start = from; start < from + count; start += batch) {
        int first = start;
        int size = Math.min(batch, from + count - start);
        uploads.add(
            executor.submit(() -> {
              slots.acquire();
              try {
                action.run(first, size);
              } finally {
                slots.release();
              }
              return null;
            }));
      }
      for (Future<?> upload : uploads) {
        upload.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private interface BatchAction {
    void run(int first, int size);
  }
}
