package io.fanfare.audience.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.csv.CsvFormat;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class ImportApiTest {

  private static final String IMPORTS = "/api/v1/contact-imports";
  private static final String EXPORTS = "/api/v1/contact-exports";

  private final AudienceService audience;
  private final UUID tenant = Ids.next();

  ImportApiTest(AudienceService audience) {
    this.audience = audience;
  }

  @Test
  void importsTwentyThousandRowsOfWhichOneInAHundredIsBad() {
    int rows = 20_000;
    StringBuilder file = new StringBuilder("external_id,name,email,tags,custom.grade:number\n");
    List<String> bad = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String row =
          switch (i % 100 == 50 ? i / 100 % 4 : -1) {
            case 0 -> "b%d,Bad,nobody,x,1".formatted(i);
            case 1 -> "b%d,Bad".formatted(i);
            case 2 -> ",Bad,b%d@example.org,x,1".formatted(i);
            case 3 -> "b%d,Bad,b%d@example.org,x,one".formatted(i, i);
            default -> "s-%d,Ann %d,a%d@example.org,x;y,%d".formatted(i, i, i, i % 12);
          };
      if (i % 100 == 50) {
        bad.add(Integer.toString(i + 1));
      }
      file.append(row).append('\n');
    }
    String list = list();
    JsonNode end = imported("?list_id=" + list, file.toString());
    assertThat(end.path("state").asString()).isEqualTo("completed");
    assertThat(end.at("/rows/read").asInt()).isEqualTo(rows);
    assertThat(end.at("/rows/created").asInt()).isEqualTo(rows - bad.size());
    assertThat(end.at("/rows/failed").asInt()).isEqualTo(bad.size());
    assertThat(end.path("percent").asDouble()).isEqualTo(100);
    assertThat(errors(end)).extracting(List::getFirst).isEqualTo(bad);
    assertThat(errors(end).getFirst())
        .containsExactly(
            "51",
            "52",
            "email",
            "invalid_value",
            "is not an e-mail address in ASCII",
            "b50,Bad,nobody,x,1");
    assertThat(count()).isEqualTo(rows - bad.size());
    assertThat(audience.get(tenant, "/api/v1/lists/" + list).body().path("contacts").asInt())
        .isEqualTo(rows - bad.size());
    // Nothing of the file stays.
    assertThat(left("contact_import_piece", end)).isZero();
    assertThat(left("contact_import_seen", end)).isZero();

    JsonNode again = imported("", file.toString());
    assertThat(again.at("/rows/unchanged").asInt()).isEqualTo(rows - bad.size());
    assertThat(again.at("/rows/updated").asInt()).isZero();
  }

  @Test
  void exportsWhatAnImportTakes() {
    String body =
        """
        {"external_id": "=1+1", "name": "'quoted\\", so", "email": "a@example.org", "phone": "+44 20",
         "telegram_chat_id": -100123, "language": "de", "time_zone": "Europe/Berlin",
         "country": "DE", "city": "-Köln", "roles": ["a;b", "[c"], "tags": ["@x", "y"],
         "custom": {"n": 1.5, "b": true, "l": ["x", 2], "t": "=cmd", "o": {"z": null}}}
        """;
    audience.post(tenant, "/api/v1/contacts", body);
    audience.post(tenant, "/api/v1/contacts", "{\"external_id\": \"2\", \"tags\": [\"only\"]}");
    for (String format : List.of("csv", "ndjson")) {
      String export = audience.download(tenant, EXPORTS + "?format=" + format);
      assertThat(imported("?format=" + format, export).at("/rows/unchanged").asInt()).isEqualTo(2);
      UUID other = Ids.next();
      JsonNode copied = ended(other, "?format=" + format, export.getBytes(StandardCharsets.UTF_8));
      assertThat(copied.at("/rows/created").asInt()).isEqualTo(2);
      assertThat(audience.download(other, EXPORTS + "?format=" + format)).isEqualTo(export);
    }
    String chosen = audience.download(tenant, EXPORTS + "?fields=external_id,custom.t,custom.l");
    assertThat(chosen)
        .isEqualTo("external_id,custom.t,custom.l\r\n'=1+1,'=cmd,\"[\"\"x\"\",2]\"\r\n2,,\r\n");
    assertThat(audience.get(tenant, EXPORTS + "?fields=colour").status()).isEqualTo(422);
    assertThat(audience.get(tenant, EXPORTS + "?list_id=" + Ids.next()).status()).isEqualTo(404);
    assertThat(audience.download(tenant, EXPORTS + "?list_id=" + list()).lines()).hasSize(1);
  }

  @Test
  void patchesContactsAndTakesTheLastOfTwoRows() {
    audience.post(
        tenant,
        "/api/v1/contacts",
        "{\"external_id\": \"1\", \"name\": \"Old\", \"city\": \"Rom\", \"custom\": {\"a\": 1}}");
    JsonNode end =
        imported("", "external_id,name,custom.b:number\n1,New,2\n2,First,\n2,Second,3\n");
    assertThat(end.at("/rows/created").asInt()).isEqualTo(1);
    assertThat(end.at("/rows/updated").asInt()).isEqualTo(2);
    assertThat(end.at("/rows/duplicates").asInt()).isEqualTo(1);
    JsonNode one = contact("1");
    assertThat(one.path("name").asString()).isEqualTo("New");
    assertThat(one.path("city").asString()).isEqualTo("Rom");
    assertThat(one.path("custom").toString()).isEqualTo("{\"a\":1,\"b\":2}");
    assertThat(contact("2").path("name").asString()).isEqualTo("Second");
  }

  @Test
  void dryRunWritesNothing() {
    StringBuilder file = new StringBuilder("external_id,name\n");
    for (int i = 0; i < 2_500; i++) {
      file.append(i % 1_500).append(",Ann\n");
    }
    JsonNode end = imported("?dry_run=true&list_id=" + list(), file.toString());
    assertThat(end.at("/rows/created").asInt()).isEqualTo(1_500);
    assertThat(end.at("/rows/duplicates").asInt()).isEqualTo(1_000);
    assertThat(count()).isZero();
  }

  @Test
  void findsContactsByTheirAddress() {
    audience.post(
        tenant, "/api/v1/contacts", "{\"external_id\": \"1\", \"email\": \"A@Example.org\"}");
    audience.post(tenant, "/api/v1/contacts", "{\"email\": \"two@example.org\"}");
    audience.post(tenant, "/api/v1/contacts", "{\"email\": \"TWO@example.org\"}");
    JsonNode end =
        imported(
            "?match_by=email",
            """
            email,name,external_id
            a@example.org,Ann,1
            two@example.org,Who,7
            new@example.org,New,8
            taken@example.org,Taken,1
            also@example.org,Also,8
            """);
    assertThat(end.at("/rows/updated").asInt()).isEqualTo(1);
    assertThat(end.at("/rows/created").asInt()).isEqualTo(1);
    assertThat(errors(end))
        .extracting(error -> error.get(0) + " " + error.get(3))
        .containsExactly("2 ambiguous", "4 external_id_taken", "5 external_id_taken");
    assertThat(contact("1").path("name").asString()).isEqualTo("Ann");
  }

  @Test
  void readsWhatExcelWrites() {
    String text = "external_id;name\r\n1;Zoë\r\n";
    byte[] utf16 = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
    assertThat(ended(tenant, "", utf16).at("/rows/created").asInt()).isEqualTo(1);
    assertThat(contact("1").path("name").asString()).isEqualTo("Zoë");
    byte[] utf8 = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
    assertThat(ended(tenant, "", utf8).at("/rows/unchanged").asInt()).isEqualTo(1);
    byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ended(tenant, "?charset=windows-1252", latin).at("/rows/unchanged").asInt())
        .isEqualTo(1);
    JsonNode wrong = ended(tenant, "", latin);
    assertThat(wrong.at("/rows/failed").asInt()).isEqualTo(1);
    assertThat(errors(wrong).getFirst()).contains("wrong_encoding");
  }

  @Test
  void reportsHostileRowsAndGoesOn() {
    String file =
        "external_id,name\n1,\"open\n2,ok\n3,"
            + "x".repeat(10_000_000)
            + "\n4,a\0b\n5,a,b\n6,=cmd|calc\n7,\"a\"b\n8,ok\n";
    JsonNode end = imported("", file);
    assertThat(end.path("state").asString()).isEqualTo("completed");
    assertThat(errors(end))
        .extracting(error -> error.get(0) + " " + error.get(3))
        .containsExactly(
            "1 unclosed_quote",
            "3 record_too_long",
            "4 nul_character",
            "5 wrong_number_of_columns",
            "7 stray_quote");
    assertThat(end.at("/rows/created").asInt()).isEqualTo(3);
    assertThat(audience.download(tenant, EXPORTS)).contains("'=cmd|calc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "external_id,name,name | ``                        | 422 | header",
        "name                  | ``                        | 422 | header",
        "external_id,colour    | ``                        | 422 | header",
        "external_id,\"a       | ``                        | 422 | header",
        "external_id           | format=xml                | 422 | format",
        "external_id           | match_by=name             | 422 | match_by",
        "external_id           | mapping=[]                | 422 | mapping",
        "external_id           | mapping={\"x\":\"name\"}  | 422 | mapping",
        "external_id           | charset=klingon           | 422 | charset",
        "external_id           | delimiter=ab              | 422 | delimiter",
        "``                    | ``                        | 422 | body",
        "external_id           | list_id=0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d | 404 | ``",
      })
  void refusesAtOnce(String header, String query, int status, String pointer) {
    int at = query.indexOf('=') + 1;
    String encoded =
        query.substring(0, at) + URLEncoder.encode(query.substring(at), StandardCharsets.UTF_8);
    Answer answer =
        audience.upload(
            tenant, IMPORTS + "?" + encoded, "text/csv", header.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.pointer(0)).isEqualTo(pointer);
    assertThat(audience.get(tenant, IMPORTS).body().path("items")).isEmpty();
  }

  @Test
  void takesNothingCompressed() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(new byte[5_000_000]);
    }
    Answer answer = audience.upload(tenant, IMPORTS, "text/csv", zipped.toByteArray());
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.code()).isEqualTo("compressed_file");
  }

  @Test
  void takesTenImportsOfATenantAtATimeAndCancels() {
    // Of a list whose row is locked, so that none of them can end.
    String list = list();
    List<String> made = new ArrayList<>();
    audience
        .bean(org.springframework.transaction.support.TransactionTemplate.class)
        .executeWithoutResult(status -> {
          audience
              .bean(org.springframework.jdbc.core.JdbcTemplate.class)
              .queryForList("select 1 from contact_list where id = ?::uuid for update", list);
          byte[] file = "external_id\n1\n".getBytes(StandardCharsets.UTF_8);
          for (int i = 0; i < ImportIntake.MOST_OPEN; i++) {
            Answer answer = audience.upload(tenant, IMPORTS + "?list_id=" + list, "text/csv", file);
            assertThat(answer.status()).isEqualTo(202);
            made.add(answer.location());
          }
          Answer refused = audience.upload(tenant, IMPORTS, "text/csv", file);
          assertThat(refused.code()).isEqualTo("too_many_imports");
          Answer cancelled = audience.post(tenant, made.getLast() + "/cancel", null);
          assertThat(cancelled.body().path("state").asString()).isEqualTo("cancelled");
        });
    await()
        .untilAsserted(() ->
            assertThat(made.subList(0, made.size() - 1))
                .allMatch(location -> state(location).equals("completed")));
    assertThat(state(made.getLast())).isEqualTo("cancelled");
    assertThat(audience.post(tenant, made.getLast() + "/cancel", null).code())
        .isEqualTo("import_ended");
  }

  @Test
  void keepsAStrangerOut() {
    String path = IMPORTS + "/" + imported("", "external_id\n1\n").path("id").asString();
    UUID stranger = Ids.next();
    for (String what : List.of("", "/errors", "/stream")) {
      assertThat(
              audience
                  .request(
                      AudienceService.identity(stranger, Role.ADMIN),
                      "GET",
                      path + what,
                      null,
                      Map.of())
                  .status())
          .isEqualTo(404);
    }
    assertThat(audience.post(stranger, path + "/cancel", null).status()).isEqualTo(404);
    assertThat(audience.get(stranger, IMPORTS).body().path("items")).isEmpty();
    assertThat(audience.download(tenant, path + "/stream")).contains("event:end");
  }

  private JsonNode imported(String query, String file) {
    return ended(tenant, query, file.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode ended(UUID owner, String query, byte[] file) {
    Answer accepted = audience.upload(owner, IMPORTS + query, "text/csv", file);
    assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> audience.get(owner, accepted.location()).body(),
            body -> body.hasNonNull("ended_at"));
  }

  private String state(String location) {
    return audience.get(tenant, location).body().path("state").asString();
  }

  private List<List<String>> errors(JsonNode one) {
    CsvFormat format = new CsvFormat(',', '"');
    String text = audience.download(tenant, IMPORTS + "/" + one.path("id").asString() + "/errors");
    return text.lines().skip(1).map(format::cells).toList();
  }

  private JsonNode contact(String externalId) {
    return audience.get(tenant, "/api/v1/contacts?external_id=" + externalId).body().at("/items/0");
  }

  private int count() {
    return audience
        .jdbc()
        .queryForObject("select count(*) from contact where tenant_id = ?", Integer.class, tenant);
  }

  private int left(String table, JsonNode one) {
    return audience
        .jdbc()
        .queryForObject(
            "select count(*) from " + table + " where import_id = ?::uuid",
            Integer.class,
            one.path("id").asString());
  }

  private String list() {
    return audience.post(tenant, "/api/v1/lists", "{\"name\": \"L\"}").body().path("id").asString();
  }
}
