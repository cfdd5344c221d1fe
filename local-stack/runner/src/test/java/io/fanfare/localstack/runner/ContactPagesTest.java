package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A contact confirms a list, chooses on its page and is obeyed, through the front door alone. */
class ContactPagesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern LINK = Pattern.compile("http://[^\\s\"<>]+(/t/[jpu]/[\\w-]+)");

  private final SharedStack shared = SharedStack.get();
  private final RestClient api = shared.newTenant("Pages");

  @Test
  void aContactConfirmsAListAndStopsACategory() throws Exception {
    shared.simulators().reset();
    String account =
        new Walkthrough(api)
            .emailAccount("Pages", "localhost", shared.simulators().smtp().port(), 0, 1);
    String ask = template("Ask", "{{ confirm_link }}");
    String news = template("News", "{{ preferences_link }} {{ unsubscribe_link }}");
    api.post("/api/v1/categories", Map.of("name", "news", "title", "Our news"));
    api.post("/api/v1/categories", Map.of("name", "offers", "title", "Offers"));
    Map<String, Object> asking =
        Map.of("name", "N", "double_opt_in", Map.of("account_id", account, "template_id", ask));
    // The account has to arrive where lists are kept.
    String list =
        await()
            .atMost(PATIENCE)
            .until(
                () -> api.exchange("POST", "/api/v1/lists", asking), made -> made.status() == 201)
            .body()
            .get("id")
            .asString();
    long contact =
        api.post("/api/v1/contacts", Map.of("name", "Ann", "email", "ann@pages.example"))
            .get("id")
            .asLong();
    api.post("/api/v1/lists/" + list + "/contacts", Map.of("contact_ids", List.of(contact)));

    String confirm = awaitLink("/t/j/");
    assertThat(visit(confirm, null)).contains("<form method=\"post\">");
    assertThat(members(list)).isZero();
    visit(confirm, "");
    await().atMost(PATIENCE).until(() -> members(list) == 1);

    send("First", news, list, account, "news");
    String preferences = awaitLink("/t/p/");
    String page = visit(preferences, null);
    assertThat(page).contains("Our news", "Offers", "By e-mail").doesNotContain("Ann", "ann@");
    Matcher seen = Pattern.compile("name=\"seen\" value=\"(\\d+)\"").matcher(page);
    assertThat(seen.find()).isTrue();
    String form =
        "seen="
            + seen.group(1)
            + "&was.category.news=receive&category.news=stop"
            + "&was.category.offers=receive&category.offers=receive";
    assertThat(visit(preferences, form)).contains("Saved");
    String optOuts = "/api/v1/contacts/" + contact + "/opt-outs";
    await().atMost(PATIENCE).until(() -> api.get(optOuts).get("items").size() == 1);
    assertThat(api.get(optOuts + "/history").at("/items/0/source").asString())
        .isEqualTo("preferences");

    String second = send("Second", news, list, account, "news");
    assertThat(
            api.get("/api/v1/broadcasts/" + second + "/skipped").at("/items/0/reason").asString())
        .isEqualTo("opted_out_of_category");
    String third = send("Third", news, list, account, "offers");
    // One click, as a mail program does it.
    visit(awaitLink("/t/u/"), "List-Unsubscribe=One-Click");
    await().atMost(PATIENCE).until(() -> api.get(optOuts).get("items").size() == 2);
    assertThat(api.get(optOuts).findValuesAsString("category"))
        .containsExactlyInAnyOrder("news", "offers");
    assertThat(api.get("/api/v1/broadcasts/" + third).get("category").asString())
        .isEqualTo("offers");
  }

  private String template(String name, String text) {
    return api.post(
            "/api/v1/templates",
            Map.of(
                "name", name, "channels", Map.of("email", Map.of("subject", name, "text", text))))
        .get("id")
        .asString();
  }

  /** Sends a broadcast to its end. */
  private String send(String name, String template, String list, String account, String category) {
    JsonNode broadcast =
        api.post(
            "/api/v1/broadcasts",
            Map.of(
                "name", name,
                "template_id", template,
                "list_id", list,
                "category", category,
                "channels", List.of(Map.of("channel", "email", "account_id", account))));
    String id = broadcast.get("id").asString();
    api.post("/api/v1/broadcasts/" + id + "/start", Map.of());
    MainJobTest.awaitEnd(api, id);
    return id;
  }

  private long members(String list) {
    return api.get("/api/v1/lists/" + list).get("contacts").asLong();
  }

  /** The path of a link in the newest mail that has one. */
  private String awaitLink(String path) {
    return await()
        .atMost(PATIENCE)
        .until(() -> newestLink(path), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<String> newestLink(String path) {
    return shared.simulators().log().newest(mail -> true, Long.MAX_VALUE, 10).stream()
        .map(mail -> new String(mail.content(), StandardCharsets.UTF_8))
        .map(mail -> mail.replace("=\r\n", "").replace("=3D", "="))
        .flatMap(mail -> LINK.matcher(mail).results().map(link -> link.group(1)))
        .filter(link -> link.startsWith(path))
        .findFirst();
  }

  /**
   * Reads a page.
   *
   * @param form what to send to it; null to look only
   */
  private String visit(String path, String form) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(shared.stack().baseUrl() + path));
    if (form != null) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("form-action 'self'");
      return answer.body();
    }
  }
}
