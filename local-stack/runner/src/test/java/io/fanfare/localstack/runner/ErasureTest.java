package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A contact is erased after much has happened to it: no table of any service names it then. */
class ErasureTest {

  /** Stands in every personal field of the contact, and nowhere else. */
  private static final String MARKER = "zzmarker";

  private final SharedStack shared = SharedStack.get();
  private final RestClient api = shared.newTenant("Erasure");

  @AfterEach
  void calm() {
    shared.simulators().reset();
  }

  @Test
  void leavesNothingPersonalInAnyTable() throws Exception {
    String id =
        api.post(
                "/api/v1/contacts",
                Map.of(
                    "external_id",
                    MARKER,
                    "name",
                    "Ms " + MARKER,
                    "email",
                    MARKER + "@example.org",
                    "city",
                    MARKER,
                    "tags",
                    List.of(MARKER),
                    "custom",
                    Map.of("note", MARKER)))
            .get("id")
            .asString();
    String list = api.post("/api/v1/lists", Map.of("name", "Some")).get("id").asString();
    api.post("/api/v1/lists/" + list + "/contacts", Map.of("external_ids", List.of(MARKER)));
    importRowsOf();
    refusedMessage();
    api.put("/api/v1/contacts/" + id + "/opt-outs", Map.of("reason", MARKER + " said so"));
    api.post(
        "/api/v1/suppressions",
        Map.of("channel", "email", "address", MARKER + "@example.org", "source", MARKER));
    assertThat(tablesThatNameIt())
        .contains("audience_service.suppression")
        .contains("audience_service.contact", "audience_service.contact_import_error");

    assertThat(api.exchange("DELETE", "/api/v1/contacts/" + id, null).status()).isEqualTo(204);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(tablesThatNameIt()).isEmpty());
  }

  /** One row that is kept, and one that is refused and shown in the file of errors. */
  private void importRowsOf() throws IOException, InterruptedException {
    String file =
        "external_id,name,email\n%s,Ms %s,%s@example.org\n%s,Ms %s,nowhere\n".replace("%s", MARKER);
    HttpRequest request =
        HttpRequest.newBuilder(api.base().resolve("/api/v1/contact-imports"))
            .header("Authorization", api.authorization())
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofString(file))
            .build();
    String location;
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      location = answer.headers().firstValue("Location").orElseThrow();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.get(location).get("state").asString().equals("completed"));
    assertThat(api.exchange("GET", location + "/errors", null).text()).contains(MARKER);
    String exported = api.exchange("GET", "/api/v1/contact-exports", null).text();
    assertThat(exported).contains(MARKER + "@example.org");
  }

  /** A server that repeats the address in its refusal. */
  private void refusedMessage() {
    Walkthrough walkthrough = new Walkthrough(api);
    String account =
        walkthrough.emailAccount("Server", "localhost", shared.simulators().smtp().port(), 0, 8);
    new RestClient(shared.stack().mailboxUrl(), "none")
        .put("/simulator/faults", Map.of("email", Map.of("unknown_share", 1)));
    String message =
        api.post(
                "/api/v1/messages",
                Map.of(
                    "external_id",
                    MARKER,
                    "template_id",
                    walkthrough.template("Erasure"),
                    "account_id",
                    account,
                    "variables",
                    Map.of("for", MARKER)))
            .get("id")
            .asString();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> api.get("/api/v1/messages/" + message).get("state").asString(), "failed"::equals);
  }

  private List<String> tablesThatNameIt() throws SQLException {
    String hex = HexFormat.of().formatHex(MARKER.getBytes(StandardCharsets.UTF_8));
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(shared.stack().databaseUrl())) {
      for (String table : tables(connection)) {
        // A row as text has its bytes in hexadecimal.
        String sql = "select exists (select from " + table + " t where t::text ~* (? || '|' || ?))";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
          query.setString(1, MARKER);
          query.setString(2, hex);
          try (ResultSet row = query.executeQuery()) {
            row.next();
            if (row.getBoolean(1)) {
              found.add(table);
            }
          }
        }
      }
    }
    return found;
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                """
                select format('%I.%I', schemaname, tablename) from pg_tables
                where schemaname not in ('pg_catalog', 'information_schema')
                """);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    assertThat(tables).hasSizeGreaterThan(40);
    return tables;
  }
}
