package io.fanfare.audience.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ExtendWith(AudienceExtension.class)
class ContactApiTest {

  private static final String CONTACTS = "/api/v1/contacts";

  private final AudienceService audience;
  private final UUID tenant = Ids.next();

  ContactApiTest(AudienceService audience) {
    this.audience = audience;
  }

  @Test
  void createsAndReadsEveryField() {
    Answer created =
        audience.post(
            tenant,
            CONTACTS,
            """
            {"external_id": "s-1", "name": "Ada", "email": "ada@example.org", "phone": "+44 20 1",
             "telegram_chat_id": -100123, "language": "en-GB", "time_zone": "Europe/London",
             "country": "GB", "city": "London", "roles": ["student", "student"], "tags": ["a"],
             "custom": {"grade": 7, "subjects": ["maths"], "nested": {"x": null}}}
            """);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.etag()).isEqualTo("\"1\"");
    Answer read = audience.get(tenant, created.location());
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.body()).isEqualTo(created.body());
    assertThat(read.body().path("telegram_chat_id").asLong()).isEqualTo(-100123);
    assertThat(read.body().path("roles")).hasSize(1);
    assertThat(read.body().at("/custom/subjects/0").asString()).isEqualTo("maths");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"email\": \"ada@example.org>\"}                 | /email",
        "{\"email\": \"ada lovelace@example.org\"}         | /email",
        "{\"email\": \"ada@example.org\\r\\nRCPT TO:<x>\"} | /email",
        "{\"email\": \"ädä@example.org\"}                  | /email",
        "{\"email\": \"ada\"}                              | /email",
        "{\"name\": \"\"}                                  | /name",
        "{\"name\": \"a\\u0000b\"}                         | /name",
        "{\"name\": 7}                                     | /name",
        "{\"phone\": \"call me\"}                          | /phone",
        "{\"telegram_chat_id\": \"7\"}                     | /telegram_chat_id",
        "{\"telegram_chat_id\": 99999999999999999999}      | /telegram_chat_id",
        "{\"telegram_chat_id\": 1.5}                       | /telegram_chat_id",
        "{\"language\": \"e\"}                             | /language",
        "{\"time_zone\": \"Mars/Base\"}                    | /time_zone",
        "{\"country\": \"gb\"}                             | /country",
        "{\"roles\": \"student\"}                          | /roles",
        "{\"tags\": [\"a\", 1]}                            | /tags/1",
        "{\"custom\": []}                                  | /custom",
        "{\"custom\": {\"a b\": 1}}                        | /custom",
        "{\"custom\": {\"a\": \"\\u0000\"}}                | /custom",
        "{\"nickname\": \"x\"}                             | /nickname",
        "{\"a/b~c\": \"x\"}                                | /a~1b~0c",
        "[]                                                | ''"
      })
  void refusesAWrongFieldWithAPointerToIt(String body, String pointer) {
    Answer answer = audience.post(tenant, CONTACTS, body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.pointer(0)).isEqualTo(pointer);
  }

  @Test
  void refusesTooMuchCustomData() {
    String big = "{\"custom\": {\"a\": \"" + "x".repeat(9_000) + "\"}}";
    assertThat(audience.post(tenant, CONTACTS, big).pointer(0)).isEqualTo("/custom");
    // 3,000 characters, but 9,000 bytes.
    String wide = "{\"custom\": {\"a\": \"" + "€".repeat(3_000) + "\"}}";
    assertThat(audience.post(tenant, CONTACTS, wide).pointer(0)).isEqualTo("/custom");
    assertThat(audience.post(tenant, CONTACTS, "{").status()).isEqualTo(400);
  }

  @Test
  void refusesASecondContactOfAnExternalId() {
    String body = "{\"external_id\": \"same\"}";
    assertThat(audience.post(tenant, CONTACTS, body).status()).isEqualTo(201);
    Answer second = audience.post(tenant, CONTACTS, body);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.code()).isEqualTo("external_id_taken");
    Answer other = audience.post(tenant, CONTACTS, "{\"external_id\": \"other\"}");
    assertThat(patch(other.location(), body, null).code()).isEqualTo("external_id_taken");
  }

  /** The other request has looked before this one commits, so that only the database knows. */
  @Test
  void refusesAnExternalIdTakenAtTheSameTime() {
    String path = audience.post(tenant, CONTACTS, "{\"external_id\": \"mine\"}").location();
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(audience.jdbc().getDataSource()));

    CompletableFuture<Answer> patched =
        transaction.execute(status -> {
          JdbcTemplate jdbc = audience.jdbc();
          jdbc.update("insert into contact (tenant_id, external_id) values (?, 'wanted')", tenant);
          Integer backend = jdbc.queryForObject("select pg_backend_pid()", Integer.class);
          CompletableFuture<Answer> waiting =
              CompletableFuture.supplyAsync(
                  () -> patch(path, "{\"external_id\": \"wanted\"}", null));
          await()
              .until(() ->
                  jdbc.queryForObject(
                          "select count(*) from pg_stat_activity where ? = any(pg_blocking_pids(pid))",
                          Integer.class,
                          backend)
                      == 1);
          return waiting;
        });

    Answer answer = patched.join();
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("external_id_taken");
    assertThat(audience.get(tenant, path).body().path("external_id").asString()).isEqualTo("mine");
  }

  @Test
  void patchesSomeFieldsAndLeavesTheOthers() {
    String path =
        audience
            .post(tenant, CONTACTS, "{\"name\": \"Ada\", \"city\": \"London\", \"tags\": [\"a\"]}")
            .location();
    Answer patched = patch(path, "{\"city\": null, \"name\": \"Ada L.\"}", "\"1\"");
    assertThat(patched.status()).isEqualTo(200);
    assertThat(patched.etag()).isEqualTo("\"2\"");
    assertThat(patched.body().path("name").asString()).isEqualTo("Ada L.");
    assertThat(patched.body().has("city")).isFalse();
    assertThat(patched.body().path("tags")).hasSize(1);
    assertThat(patch(path, "{\"name\": \"Ada L.\"}", null).etag())
        .as("no change, no new version")
        .isEqualTo("\"2\"");
    assertThat(patch(path, "{\"name\": \"Eve\"}", "\"1\"").status()).isEqualTo(412);
    assertThat(patch(path, "{\"email\": \"no\"}", null).pointer(0)).isEqualTo("/email");
    assertThat(patch(path, "7", null).status()).isEqualTo(422);
  }

  @Test
  void writesWholeContactsByExternalId() {
    String path = CONTACTS + "/by-external-id/s-9";
    assertThat(put(path, "{\"name\": \"Ada\", \"city\": \"London\"}").status()).isEqualTo(201);
    Answer replaced = put(path, "{\"name\": \"Ada\"}");
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.body().has("city")).isFalse();
    assertThat(put(path, "{\"name\": \"Ada\"}").etag()).isEqualTo(replaced.etag());
  }

  @Test
  void aBatchKeepsTheGoodRowsAndReportsTheOthers() {
    put(CONTACTS + "/by-external-id/b-0", "{\"name\": \"Same\"}");
    put(CONTACTS + "/by-external-id/b-1", "{\"name\": \"Old\"}");
    Answer answer =
        audience.post(
            tenant,
            CONTACTS + "/batch",
            """
            {"contacts": [
              {"external_id": "b-0", "name": "Same"},
              {"external_id": "b-1", "name": "New", "roles": ["x", "y"]},
              {"external_id": "b-2", "email": "broken"},
              {"external_id": "b-3", "telegram_chat_id": 5, "custom": {"a": [1, true]}},
              {"name": "nobody"},
              {"external_id": "b-3"},
              "text"
            ]}
            """);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("created").asInt()).isEqualTo(1);
    assertThat(answer.body().path("updated").asInt()).isEqualTo(1);
    assertThat(answer.body().path("unchanged").asInt()).isEqualTo(1);
    assertThat(answer.body().path("errors").valueStream().map(e -> e.path("pointer").asString()))
        .containsExactly(
            "/contacts/2/email",
            "/contacts/4/external_id",
            "/contacts/5/external_id",
            "/contacts/6");
    var ids = answer.body().path("ids");
    assertThat(ids).hasSize(7);
    assertThat(ids.get(2).isNull()).isTrue();
    Answer third = audience.get(tenant, CONTACTS + "/" + ids.get(3).asLong());
    assertThat(third.body().at("/custom/a/1").asBoolean()).isTrue();
  }

  @Test
  void aBatchOfAThousandIsOneStatementAndMoreIsRefused() {
    assertThat(audience.post(tenant, CONTACTS + "/batch", batch(1_001)).code())
        .isEqualTo("batch_too_large");
    Answer answer = audience.post(tenant, CONTACTS + "/batch", batch(1_000));
    assertThat(answer.body().path("created").asInt()).isEqualTo(1_000);
    Answer again = audience.post(tenant, CONTACTS + "/batch", batch(1_000));
    assertThat(again.body().path("unchanged").asInt()).isEqualTo(1_000);
    assertThat(audience.post(tenant, CONTACTS + "/batch", "{}").status()).isEqualTo(422);
  }

  @Test
  void findsByTagRoleCountryAndLanguage() {
    audience.post(tenant, CONTACTS, "{\"name\": \"Grace\", \"tags\": [\"x\"]}");
    audience.post(
        tenant,
        CONTACTS,
        """
        {"external_id": "f", "name": "Grace F", "country": "GB", "language": "en-GB",
         "roles": ["tutor"], "tags": ["x", "beta"]}
        """);
    for (String filter :
        List.of("tag=beta", "role=tutor", "country=GB", "language=en-GB", "tag=beta&q=grace")) {
      assertThat(audience.get(tenant, CONTACTS + "?" + filter).body().at("/items/0/external_id"))
          .as(filter)
          .hasToString("\"f\"");
      assertThat(audience.get(tenant, CONTACTS + "?" + filter).body().path("items")).hasSize(1);
    }
    assertThat(audience.get(tenant, CONTACTS + "?tag=beta&role=no").body().path("items")).isEmpty();
    assertThat(audience.download(tenant, "/api/v1/contact-exports?fields=external_id&tag=beta"))
        .isEqualTo("external_id\r\nf\r\n");
    assertThat(audience.get(tenant, CONTACTS + "?tag=" + "x".repeat(201)).pointer(0))
        .isEqualTo("tag");
  }

  @Test
  void findsByHowNameMailOrExternalIdBegin() {
    audience.post(tenant, CONTACTS, "{\"name\": \"Grace Hopper\", \"external_id\": \"n_1\"}");
    audience.post(tenant, CONTACTS, "{\"name\": \"Ada\", \"email\": \"Graceful@example.org\"}");
    audience.post(tenant, CONTACTS, "{\"name\": \"Bob\", \"external_id\": \"grace\"}");
    audience.post(tenant, CONTACTS, "{\"name\": \"Eve\", \"external_id\": \"nx1\"}");
    assertThat(audience.get(tenant, CONTACTS + "?q=grace").body().path("items")).hasSize(3);
    assertThat(audience.get(tenant, CONTACTS + "?q=n_").body().path("items")).hasSize(1);
    Answer first = audience.get(tenant, CONTACTS + "?limit=3");
    assertThat(first.body().path("items")).hasSize(3);
    String next = first.body().path("next").asString();
    Answer last = audience.get(tenant, CONTACTS + "?limit=3&after=" + next);
    assertThat(last.body().path("items")).hasSize(1);
    assertThat(last.body().has("next")).isFalse();
    assertThat(audience.get(tenant, CONTACTS + "?after=nonsense").status()).isEqualTo(422);
  }

  @Test
  void erasesAContactWithItsMemberships() {
    Answer created = audience.post(tenant, CONTACTS, "{\"name\": \"Ada\"}");
    String list = audience.post(tenant, "/api/v1/lists", "{\"name\": \"L\"}").location();
    audience.post(
        tenant, list + "/contacts", "{\"contact_ids\": [" + created.body().path("id") + "]}");
    assertThat(delete(created.location()).status()).isEqualTo(204);
    assertThat(audience.get(tenant, created.location()).status()).isEqualTo(404);
    assertThat(delete(created.location()).code()).isEqualTo("contact_not_found");
    assertThat(audience.get(tenant, list).body().path("contacts").asInt()).isZero();
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select count(*) from list_member where contact_id = ?",
                    Long.class,
                    created.body().path("id").asLong()))
        .isZero();
  }

  private static String batch(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(i -> "{\"external_id\": \"k-" + i + "\", \"email\": \"k" + i + "@example.org\"}")
        .collect(Collectors.joining(",", "{\"contacts\": [", "]}"));
  }

  private Answer patch(String path, String body, String ifMatch) {
    Map<String, String> headers = ifMatch == null ? Map.of() : Map.of("If-Match", ifMatch);
    return audience.request(
        AudienceService.identity(tenant, Role.EDITOR), "PATCH", path, body, headers);
  }

  private Answer put(String path, String body) {
    return audience.request(
        AudienceService.identity(tenant, Role.EDITOR), "PUT", path, body, Map.of());
  }

  private Answer delete(String path) {
    return audience.request(
        AudienceService.identity(tenant, Role.EDITOR), "DELETE", path, null, Map.of());
  }
}
