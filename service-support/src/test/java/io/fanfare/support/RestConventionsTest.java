package io.fanfare.support;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every endpoint of every service does alike: identity, roles, problems and pages. */
class RestConventionsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static ConfigurableApplicationContext service;
  private static HttpClient http;
  private static String base;

  @BeforeAll
  static void start() {
    service = TestService.start(TestInfrastructure.freshDatabase());
    base = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    service.close();
  }

  @Test
  void letsNobodyInWithoutAnIdentity() throws Exception {
    HttpResponse<String> answer = send("GET", "/api/v1/things", null, null);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(code(answer)).isEqualTo("unauthenticated");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void trustsNoIdentityThatIsForgedOrOutOfDate() throws Exception {
    Identity admin = new Identity(UUID.randomUUID(), "key:1", Role.ADMIN);
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    String forged = new IdentityTokens(otherKey, Clock.systemUTC()).authorization(admin);
    assertThat(send("GET", "/api/v1/things", forged, null).statusCode()).isEqualTo(401);
    Clock longAgo = Clock.fixed(Instant.now().minus(Duration.ofMinutes(5)), ZoneOffset.UTC);
    String old = new IdentityTokens(TestService.IDENTITY_KEY, longAgo).authorization(admin);
    assertThat(send("GET", "/api/v1/things", old, null).statusCode()).isEqualTo(401);
  }

  @Test
  void asksToTryAgainWhileTheDatabaseIsOutOfReach() throws Exception {
    for (String method : List.of("GET", "PUT")) {
      HttpResponse<String> answer =
          send(method, "/api/v1/things/stored", as(Role.ADMIN), "GET".equals(method) ? null : "{}");
      assertThat(answer.statusCode()).as(method).isEqualTo(503);
      assertThat(code(answer)).isEqualTo("database_unavailable");
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    }
  }

  @Test
  void asksForTheRoleAnEndpointNeeds() throws Exception {
    String body = "{\"display_name\":\"x\",\"parts\":[]}";
    assertThat(send("POST", "/api/v1/things", as(Role.VIEWER), body).statusCode()).isEqualTo(403);
    assertThat(send("POST", "/api/v1/things", as(Role.EDITOR), body).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/api/v1/things/send", as(Role.EDITOR), "").statusCode())
        .isEqualTo(403);
    assertThat(send("GET", "/api/v1/things", as(Role.OPERATOR), null).statusCode()).isEqualTo(403);
  }

  @Test
  void pagesWithACursor() throws Exception {
    JsonNode page = json(send("GET", "/api/v1/things?limit=2", as(Role.VIEWER), null));
    assertThat(page.get("items").size()).isEqualTo(2);
    assertThat(page.get("next").asString()).isEqualTo("b");
    JsonNode last = json(send("GET", "/api/v1/things?limit=3", as(Role.VIEWER), null));
    assertThat(last.has("next")).isFalse();
    assertThat(send("GET", "/api/v1/things?limit=200", as(Role.VIEWER), null).statusCode())
        .isEqualTo(200);
    for (String limit : List.of("0", "201")) {
      assertThat(send("GET", "/api/v1/things?limit=" + limit, as(Role.VIEWER), null).statusCode())
          .isEqualTo(422);
    }
  }

  @Test
  void namesEveryWrongFieldByItsPointer() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            "/api/v1/things",
            as(Role.EDITOR),
            "{\"display_name\":\" \",\"parts\":[{\"part_code\":\"long one\",\"weight\":1}]}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer).get("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder("/display_name", "/parts/0/part_code");
  }

  @Test
  void namesAFieldOfTheWrongTypeByItsPointer() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            "/api/v1/things",
            as(Role.EDITOR),
            "{\"display_name\":\"x\",\"parts\":[{\"part_code\":\"a\",\"weight\":\"heavy\"}]}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer).get("errors").findValuesAsString("pointer"))
        .containsExactly("/parts/0/weight");
    assertThat(answer.body()).doesNotContain("java.lang").doesNotContain("io.fanfare.support");
  }

  @Test
  void tellsWhereJsonIsBroken() throws Exception {
    HttpResponse<String> answer = send("POST", "/api/v1/things", as(Role.EDITOR), "{\"a\":");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(code(answer)).isEqualTo("malformed_json");
  }

  @Test
  void answersNotFoundForUnknownAndImpossibleIds() throws Exception {
    assertThat(code(send("GET", "/api/v1/things/" + UUID.randomUUID(), as(Role.VIEWER), null)))
        .isEqualTo("thing_not_found");
    assertThat(send("GET", "/api/v1/things/not-an-id", as(Role.VIEWER), null).statusCode())
        .isEqualTo(404);
    assertThat(send("GET", "/api/v1/nothing", as(Role.VIEWER), null).statusCode()).isEqualTo(404);
  }

  @Test
  void saysWhenToComeBackInWholeSeconds() throws Exception {
    HttpResponse<String> answer = send("POST", "/api/v1/things/send", as(Role.SENDER), "");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
  }

  @Test
  void keepsTheDetailsOfABugToItself() throws Exception {
    HttpResponse<String> answer = send("GET", "/api/v1/things/bug", as(Role.VIEWER), null);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("nobody outside");
  }

  @Test
  void pointersEscapeTheNamesInThem() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            "/api/v1/things",
            as(Role.EDITOR),
            "{\"display_name\":\"x\",\"sizes\":{\"a/b~c\":\"large\"}}");
    assertThat(json(answer).get("errors").findValuesAsString("pointer"))
        .containsExactly("/sizes/a~1b~0c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none             | 200",
        "*                | 200",
        "\"3\"            | 200",
        "W/\"3\"          | 200",
        "\"2\", W/\"3\"   | 200",
        "\"2\"            | 412",
        "\"33\"           | 412",
        "3                | 412",
        "W/               | 412",
      })
  void changesOnlyTheVersionThatWasMeant(String ifMatch, int status) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1/things/" + UUID.randomUUID()))
            .header("Authorization", as(Role.EDITOR))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"display_name\":\"x\"}"));
    if (ifMatch != null) {
      request.header("If-Match", ifMatch);
    }
    assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(status);
  }

  @Test
  void describesAnswersByWhatIsReturnedAndRefusalsAsProblems() throws Exception {
    JsonNode document = json(send("GET", "/v3/api-docs", as(Role.VIEWER), null));
    JsonNode create = document.at("/paths/~1api~1v1~1things/post/responses");
    assertThat(create.propertyNames())
        .containsExactlyInAnyOrder("201", "400", "401", "403", "409", "413", "422", "429");
    assertThat(create.at("/201/content").propertyNames()).containsExactly("application/json");
    assertThat(create.at("/201/content/application~1json/schema/$ref").asString())
        .isEqualTo("#/components/schemas/Thing");
    assertThat(create.at("/201/content/application~1json/example/display_name").asString())
        .isEqualTo("x");
    assertThat(create.at("/409/description").asString()).isEqualTo("thing_taken");
    assertThat(create.at("/409/content/application~1problem+json/schema/$ref").asString())
        .isEqualTo("#/components/schemas/Problem");
    JsonNode put = document.at("/paths/~1api~1v1~1things~1{id}/put/responses");
    assertThat(put.propertyNames()).contains("404", "412");
    assertThat(document.at("/paths/~1api~1v1~1things/get/responses/200/content").toString())
        .contains("#/components/schemas/PageString");

    assertThat(document.at("/components/schemas/Thing/properties").propertyNames())
        .containsExactlyInAnyOrder("display_name", "parts", "sizes");
    assertThat(document.at("/components/schemas/Part/properties").propertyNames())
        .containsExactlyInAnyOrder("part_code", "weight");
    assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
        .contains("type", "code", "errors");
    assertThat(document.at("/components/schemas").propertyNames())
        .contains("PageString", "FieldProblem");
  }

  @Test
  void saysThatASwitchOfTestsIsSet() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(TestSwitchAlarm.class);
    logger.addAppender(log);
    try {
      service.getBean(TestSwitchAlarm.class).setEnvironment(service.getEnvironment());
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getLevel()).isEqualTo(Level.ERROR);
          assertThat(event.getFormattedMessage()).contains("[skip-everything]");
        });
  }

  @Test
  void findsSwitchesOfTestsAmongEnvironmentVariables() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("FANFARE_TEST_SKIPCLAIM", "true", "FANFARE_TESTING", "true")));
    assertThat(TestSwitchAlarm.switchesIn(environment)).containsExactly("skipclaim");
  }

  @Test
  void servesHealthAndMetrics() throws Exception {
    assertThat(send("GET", "/actuator/health", null, null).body()).contains("UP");
    assertThat(send("GET", "/actuator/prometheus", null, null).body()).contains("jvm_memory");
  }

  private static String as(Role role) {
    return new IdentityTokens(TestService.IDENTITY_KEY, Clock.systemUTC())
        .authorization(new Identity(UUID.randomUUID(), "key:1", role));
  }

  private static HttpResponse<String> send(
      String method, String path, String authorization, String body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    request.method(
        method,
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  private static String code(HttpResponse<String> answer) {
    return json(answer).get("code").asString();
  }
}
