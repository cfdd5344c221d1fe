package io.fanfare.broadcast.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.broadcast.TestTenant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(ApiExtension.class)
class TemplatesTest {

  private static final String TEMPLATES = "/api/v1/templates";

  private final ApiUnderTest api;
  private TestTenant tenant;

  TemplatesTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
  }

  private static Map<String, Object> input(String name, String text) {
    return Map.of(
        "name",
        name,
        "channels",
        Map.of(
            "email",
            Map.of("subject", "Hi {{ contact.name }}", "html", "<p>" + text + "</p>"),
            "telegram",
            Map.of(
                "text",
                "<b>" + text + "</b>",
                "parse_mode",
                "html",
                "buttons",
                List.of(
                    List.of(
                        Map.of("text", "Go", "url", "https://x.org/{{ contact.external_id }}"))))));
  }

  private static String path(Reply created) {
    return created.header("Location");
  }

  @Test
  void keepsEveryVersion() {
    Reply created = tenant.post(TEMPLATES, input(" News ", "one"));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.json().get("name").asString()).isEqualTo("News");
    assertThat(tenant.get(path(created)).json()).isEqualTo(created.json());

    Reply updated = tenant.put(path(created), input("News", "two"), "If-Match", "\"1\"");
    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.header("ETag")).isEqualTo("\"2\"");
    assertThat(updated.json().at("/channels/email/html").asString()).isEqualTo("<p>two</p>");

    Reply page = tenant.get(path(created) + "/versions?limit=1");
    assertThat(page.json().at("/items/0/version").asInt()).isEqualTo(2);
    Reply next =
        tenant.get(path(created) + "/versions?after=" + page.json().get("next").asString());
    assertThat(next.json().at("/items/0/channels/email/html").asString()).isEqualTo("<p>one</p>");
    assertThat(next.json().has("next")).isFalse();
    assertThat(tenant.get(path(created) + "/versions/1").json().get("created_by").asString())
        .startsWith("key:");
    assertThat(tenant.get(path(created) + "/versions/3").code())
        .isEqualTo("template_version_not_found");
  }

  @Test
  void refusesAnEditOfAnOlderVersion() {
    Reply created = tenant.post(TEMPLATES, input("News", "one"));
    tenant.put(path(created), input("News", "two"));

    Reply stale = tenant.put(path(created), input("News", "three"), "If-Match", "\"1\"");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.code()).isEqualTo("version_mismatch");
    assertThat(tenant.delete(path(created), "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(tenant.delete(path(created), "If-Match", "\"2\"").status()).isEqualTo(204);
    assertThat(tenant.get(path(created)).code()).isEqualTo("template_not_found");
  }

  @Test
  void refusesAnInvalidTemplateWithLineAndColumn() {
    Reply refused =
        tenant.post(
            TEMPLATES,
            Map.of(
                "name",
                "x",
                "channels",
                Map.of(
                    "email",
                    Map.of("subject", "{{ a b }}", "html", "line\n {% include 'x' %}"),
                    "telegram",
                    Map.of("text", "{{ x | nope }}"))));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").toString())
        .isEqualTo(
            """
            [{"pointer":"/channels/email/subject","detail":"unexpected b","line":1,"column":6},\
            {"pointer":"/channels/email/html","detail":"unknown tag \\"include\\": allowed are if,\
             for and set","line":2,"column":5},\
            {"pointer":"/channels/telegram/text","detail":"unknown filter \\"nope\\"",\
            "line":1,"column":8}]\
            """);
    assertThat(tenant.get(TEMPLATES).json().get("items")).isEmpty();
  }

  @Test
  void namesEveryFieldThatIsWrong() {
    assertThat(tenant.post(TEMPLATES, "{}").pointers())
        .containsExactlyInAnyOrder("/name", "/channels");
    assertThat(tenant.post(TEMPLATES, Map.of("name", "x", "channels", Map.of())).pointers())
        .containsExactly("/channels");
    assertThat(
            tenant
                .post(
                    TEMPLATES,
                    """
                    {"name": "x", "channels": {"email": {"subject": "a\\nb"}, "telegram": {
                     "text": " ", "buttons": [[], [{"text": "x", "url": "javascript:1"}]]}}}\
                    """)
                .pointers())
        .containsExactly(
            "/channels/email/subject",
            "/channels/email",
            "/channels/telegram/text",
            "/channels/telegram/buttons/0",
            "/channels/telegram/buttons/1/0/url");
    assertThat(
            tenant
                .post(
                    TEMPLATES,
                    "{\"name\": \"x\", \"channels\": {\"telegram\": {\"text\": \"x\","
                        + " \"parse_mode\": \"latex\"}}}")
                .pointers())
        .containsExactly("/channels/telegram/parse_mode");
  }

  @Test
  void aButtonOpensALinkOrTellsThatItWasPressed() {
    String written =
        """
        {"name": "x", "channels": {"telegram": {"text": "Do you come?", "buttons": [[
         {"text": "Yes, {{ contact.name }}", "data": "yes"}, {"text": "Where", "url": "https://x.org/"}]]}}}\
        """;
    Reply created = tenant.post(TEMPLATES, written);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    assertThat(tenant.get(path(created)).json().at("/channels/telegram/buttons").toString())
        .isEqualTo(
            """
            [[{"text":"Yes, {{ contact.name }}","data":"yes"},{"text":"Where","url":"https://x.org/"}]]\
            """);
    Reply shown = tenant.post(path(created) + "/preview", Map.of("contact", Map.of("name", "Bo")));
    assertThat(shown.json().at("/channels/telegram/buttons/0/0").toString())
        .isEqualTo("{\"text\":\"Yes, Bo\",\"data\":\"yes\"}");

    String longest = "ü".repeat(32);
    assertThat(tenant.post(TEMPLATES, written.replace("\"yes\"", quoted(longest))).status())
        .isEqualTo(201);
    String at = "/channels/telegram/buttons/0/0";
    for (String no : List.of(longest + "x", "", " ", "yes ", "a\\nb", "{{ contact.name }}")) {
      Reply refused = tenant.post(TEMPLATES, written.replace("\"yes\"", quoted(no)));
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.pointers()).as(no).containsExactly(at + "/data");
    }
    assertThat(
            tenant
                .post(TEMPLATES, written.replace("\"yes\"", "\"yes\", \"url\": \"https://x.org\""))
                .pointers())
        .as("both")
        .containsExactly(at);
    assertThat(tenant.post(TEMPLATES, written.replace(", \"data\": \"yes\"", "")).pointers())
        .as("neither")
        .containsExactly(at + "/url");
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  @Test
  void checksWithoutSaving() {
    Map<String, Object> draft =
        Map.of(
            "name",
            "x",
            "channels",
            Map.of(
                "email",
                Map.of(
                    "subject", "{{ contact.nickname }} {{ vars.x }}",
                    "text", "{% for t in contact.tags %}{{ t }}{% endfor %}{{ contact.custom.a }}"),
                "telegram",
                Map.of("text", "one\n<p>", "parse_mode", "html")));
    String viewer = tenant.key("viewer");
    JsonNode report = api.call(viewer, "POST", TEMPLATES + "/check", draft).json();

    assertThat(report.get("valid").asBoolean()).isTrue();
    assertThat(report.get("variables").valueStream().map(JsonNode::asString))
        .containsExactly("contact.custom.a", "contact.nickname", "contact.tags", "vars.x");
    assertThat(report.get("warnings").toString())
        .isEqualTo(
            """
            [{"pointer":"/channels/email/subject",\
            "message":"contact.nickname is not known and will render as nothing"},\
            {"pointer":"/channels/telegram/text","line":2,"column":1,\
            "message":"Telegram does not know the tag <p>"}]\
            """);
    assertThat(tenant.get(TEMPLATES).json().get("items")).isEmpty();

    JsonNode invalid =
        api.call(
                viewer,
                "POST",
                TEMPLATES + "/check",
                Map.of("channels", Map.of("telegram", Map.of("text", "a\n{{ x"))))
            .json();
    assertThat(invalid.get("valid").asBoolean()).isFalse();
    assertThat(invalid.get("errors").toString())
        .isEqualTo(
            """
            [{"pointer":"/channels/telegram/text","line":2,"column":1,\
            "message":"this tag is never closed with }}"}]\
            """);
  }

  @Test
  void showsATemplateAsAContactWouldSeeIt() {
    String path = path(tenant.post(TEMPLATES, input("News", "{{ contact.custom.k }}{{ vars.v }}")));
    api.backend()
        .answer(
            "/api/v1/contacts/77",
            200,
            "{\"id\": 77, \"name\": \"Eve\", \"external_id\": \"e1\", \"custom\": {\"k\": \"<3\"}}");

    Reply shown =
        tenant.post(path + "/preview", Map.of("contact_id", 77, "variables", Map.of("v", 1.5)));

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json().get("channels").toString())
        .isEqualTo(
            """
            {"email":{"subject":"Hi Eve","html":"<p>&lt;31.5</p>"},\
            "telegram":{"text":"<b>&lt;31.5</b>","parse_mode":"html",\
            "buttons":[[{"text":"Go","url":"https://x.org/e1"}]]}}\
            """);
    StubBackend.Received asked = api.backend().received("/api/v1/contacts/77").getLast();
    assertThat(asked.header("Authorization")).startsWith("Fanfare-Identity ");

    Reply made = tenant.post(path + "/preview", Map.of("contact", Map.of("name", "Bo")));
    assertThat(made.json().at("/channels/email/subject").asString()).isEqualTo("Hi Bo");
    Reply sample = tenant.post(path + "/preview", "{}");
    assertThat(sample.json().at("/channels/email/subject").asString()).isEqualTo("Hi Ada Lovelace");
  }

  @Test
  void saysWhyAPreviewCannotBeHad() {
    String path = path(tenant.post(TEMPLATES, input("News", "\n {{ 1 / vars.zero }}")));
    Reply unrenderable = tenant.post(path + "/preview", Map.of("variables", Map.of("zero", 0)));
    assertThat(unrenderable.status()).isEqualTo(422);
    assertThat(unrenderable.json().at("/errors/0").toString())
        .isEqualTo(
            "{\"pointer\":\"/channels/email/html\",\"detail\":\"division by zero\",\"line\":2,"
                + "\"column\":5}");

    assertThat(tenant.post(path + "/preview", Map.of("contact_id", "404404")).code())
        .isEqualTo("contact_not_found");
    api.backend().answer("/api/v1/contacts/500500", 500, "{}");
    Reply down = tenant.post(path + "/preview", Map.of("contact_id", "500500"));
    assertThat(down.status()).isEqualTo(502);
    assertThat(down.code()).isEqualTo("backend_unavailable");
    assertThat(
            tenant
                .post(path + "/preview", Map.of("contact_id", "1", "contact", Map.of()))
                .pointers())
        .containsExactly("/contact");
  }

  @Test
  void anotherTenantsTemplateIsNotThere() {
    String path = path(tenant.post(TEMPLATES, input("Mine", "one")));
    TestTenant other = api.newTenant();

    assertThat(other.get(path).status()).isEqualTo(404);
    assertThat(other.get(path + "/versions").status()).isEqualTo(404);
    assertThat(other.get(path + "/versions/1").status()).isEqualTo(404);
    assertThat(other.put(path, input("Yours", "two")).status()).isEqualTo(404);
    assertThat(other.post(path + "/preview", "{}").status()).isEqualTo(404);
    assertThat(other.delete(path).status()).isEqualTo(404);
    assertThat(other.get(TEMPLATES).json().get("items")).isEmpty();
    assertThat(tenant.get(TEMPLATES + "/" + UUID.randomUUID()).status()).isEqualTo(404);
    assertThat(tenant.get(TEMPLATES + "/nonsense").status()).isEqualTo(404);
  }

  @Test
  void rolesSayWhoMayChangeTemplates() {
    String path = path(tenant.post(TEMPLATES, input("News", "one")));
    String viewer = tenant.key("viewer");
    String editor = tenant.key("editor");

    assertThat(api.call(viewer, "GET", path).status()).isEqualTo(200);
    assertThat(api.call(viewer, "POST", path + "/preview", "{}").status()).isEqualTo(200);
    assertThat(api.call(viewer, "POST", TEMPLATES, input("x", "x")).status()).isEqualTo(403);
    assertThat(api.call(viewer, "PUT", path, input("x", "x")).status()).isEqualTo(403);
    assertThat(api.call(viewer, "DELETE", path).status()).isEqualTo(403);
    assertThat(api.call(editor, "PUT", path, input("x", "x")).status()).isEqualTo(200);
  }
}
