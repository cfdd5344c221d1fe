package io.fanfare.broadcast.broadcast;

import static io.fanfare.broadcast.broadcast.Fixture.BROADCASTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(ApiExtension.class)
class BroadcastsTest {

  private final ApiUnderTest api;
  private Fixture fixture;
  private TestTenant tenant;

  BroadcastsTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeFixture() {
    fixture = new Fixture(api);
    tenant = fixture.tenant;
  }

  @Test
  void makesADraft() {
    Reply created = tenant.post(BROADCASTS, fixture.wanted(" News "));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    JsonNode body = created.json();
    assertThat(body.get("name").asString()).isEqualTo("News");
    assertThat(body.get("state").asString()).isEqualTo("draft");
    assertThat(body.get("policy").asString()).isEqualTo("never-twice");
    assertThat(body.at("/channels/0/channel").asString()).isEqualTo("email");
    assertThat(body.at("/channels/1/account_id").asString()).isEqualTo(fixture.telegram.toString());
    assertThat(body.at("/variables/price").asInt()).isEqualTo(12);
    assertThat(body.at("/links/progress").asString())
        .isEqualTo(created.header("Location") + "/progress");
    assertThat(body.has("started_at")).isFalse();
    assertThat(tenant.get(created.header("Location")).json()).isEqualTo(body);
  }

  @Test
  void goesToListsAndSegmentsInsteadOfOneList() {
    Map<String, Object> wanted = fixture.wanted("Many");
    String list = (String) wanted.remove("list_id");
    wanted.put(
        "audience",
        Map.of(
            "include",
            List.of(
                Map.of("kind", "list", "id", list),
                Map.of("kind", "segment", "id", UUID.randomUUID().toString())),
            "exclude",
            List.of(Map.of("kind", "list", "id", UUID.randomUUID().toString()))));
    Reply created = tenant.post(BROADCASTS, wanted);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().has("list_id")).isFalse();
    assertThat(created.json().at("/audience/include/0/id").asString()).isEqualTo(list);
    String path = created.header("Location");
    assertThat(tenant.get(path).json().get("audience")).isEqualTo(created.json().get("audience"));

    wanted.put("list_id", list);
    assertThat(tenant.post(BROADCASTS, wanted).pointers()).containsExactly("/list_id");
    wanted.remove("list_id");
    wanted.put(
        "audience",
        Map.of(
            "include", List.of(Map.of("kind", "list"), Map.of("kind", "list", "id", list)),
            "exclude", List.of(Map.of("kind", "list", "id", list))));
    assertThat(tenant.post(BROADCASTS, wanted).pointers())
        .containsExactlyInAnyOrder("/audience/include/0", "/audience/exclude/0");
    wanted.put("audience", Map.of());
    assertThat(tenant.post(BROADCASTS, wanted).pointers()).containsExactly("/audience/include");
  }

  @Test
  void belongsToACategoryThatIsThere() {
    api.backend().answer("/api/v1/categories?name=", 200, "{\"items\": []}");
    api.backend()
        .answer("/api/v1/categories?name=news", 200, "{\"items\": [{\"name\": \"news\"}]}");
    Map<String, Object> wanted = fixture.wanted("News");
    wanted.put("category", "unknown");
    assertThat(tenant.post(BROADCASTS, wanted).pointers()).containsExactly("/category");
    wanted.put("category", "news&name=x");
    assertThat(tenant.post(BROADCASTS, wanted).pointers()).containsExactly("/category");
    wanted.put("category", "news");
    Reply created = tenant.post(BROADCASTS, wanted);
    assertThat(created.json().path("category").asString()).isEqualTo("news");
    String path = created.header("Location");
    Reply refused = api.call(tenant.adminKey(), "PATCH", path, Map.of("category", "unknown"));
    assertThat(refused.pointers()).containsExactly("/category");
    assertThat(
            api.call(api.newTenant().adminKey(), "PATCH", path, Map.of("category", "unknown"))
                .status())
        .isEqualTo(404);
    api.call(tenant.adminKey(), "PATCH", path, Map.of("name", "Renamed"));
    assertThat(tenant.get(path).json().path("category").asString()).isEqualTo("news");
    String copy = tenant.post(path + "/clone", "").header("Location");
    assertThat(tenant.get(copy).json().path("category").asString()).isEqualTo("news");
    api.call(tenant.adminKey(), "PATCH", copy, Map.of("category", ""));
    assertThat(tenant.get(copy).json().has("category")).isFalse();
    api.backend().answer("/api/v1/categories?name=news", 500, "{}");
    assertThat(tenant.post(BROADCASTS, wanted).status()).isEqualTo(502);
  }

  @Test
  void namesEverySettingThatCannotBeUsed() {
    assertThat(tenant.post(BROADCASTS, "{}").pointers())
        .containsExactlyInAnyOrder("/name", "/template_id", "/list_id", "/channels");

    Map<String, Object> wrong = fixture.wanted("x");
    wrong.put("template_id", UUID.randomUUID().toString());
    wrong.put(
        "channels",
        List.of(
            Map.of("channel", "email", "account_id", fixture.telegram.toString()),
            Map.of("channel", "telegram", "account_id", UUID.randomUUID().toString())));
    Reply refused = tenant.post(BROADCASTS, wrong);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").toString())
        .isEqualTo(
            """
            [{"pointer":"/template_id","detail":"there is no such template"},\
            {"pointer":"/channels/0/account_id","detail":"this account speaks telegram"},\
            {"pointer":"/channels/1/account_id","detail":"there is no such channel account"}]\
            """);

    wrong = fixture.wanted("x");
    wrong.put(
        "channels",
        List.of(
            Map.of("channel", "email", "account_id", fixture.email.toString()),
            Map.of("channel", "email", "account_id", fixture.email.toString()),
            Map.of("channel", "telegram")));
    wrong.put("variables", Map.of("a b", 1));
    wrong.put("policy", "sometimes");
    assertThat(tenant.post(BROADCASTS, wrong).pointers()).containsExactly("/policy");
    wrong.remove("policy");
    assertThat(tenant.post(BROADCASTS, wrong).pointers())
        .containsExactly("/channels/1/channel", "/channels/2/account_id", "/variables/a b");

    Map<String, Object> hundred = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      hundred.put("v" + i, "x".repeat(900));
    }
    wrong = fixture.wanted("x");
    wrong.put("variables", hundred);
    assertThat(tenant.post(BROADCASTS, wrong).status()).isEqualTo(201);
    hundred.replaceAll((name, value) -> "x".repeat(1_000));
    assertThat(tenant.post(BROADCASTS, wrong).pointers()).containsExactly("/variables");
    hundred.replaceAll((name, value) -> "x");
    hundred.put("v100", "x");
    assertThat(tenant.post(BROADCASTS, wrong).pointers()).containsExactly("/variables");

    Map<String, Object> silent = fixture.wanted("x");
    silent.put("template_id", fixture.template(Map.of("telegram", Map.of("text", "x"))));
    assertThat(tenant.post(BROADCASTS, silent).json().at("/errors/0").toString())
        .isEqualTo(
            "{\"pointer\":\"/channels/0/channel\",\"detail\":\"the template says nothing on"
                + " email\"}");
  }

  @Test
  void listsByStateTimeAndText() {
    String first = fixture.draft("Alpha 50% off");
    String second = fixture.running("Beta");
    String third = fixture.draft("alphabet");

    assertThat(names("")).containsExactly("alphabet", "Beta", "Alpha 50% off");
    assertThat(names("?state=running")).containsExactly("Beta");
    assertThat(names("?q=ALPHA")).containsExactly("alphabet", "Alpha 50% off");
    assertThat(names("?q=%25")).containsExactly("Alpha 50% off");
    String made = tenant.get(second).json().get("created_at").asString();
    assertThat(names("?from=" + made)).containsExactly("alphabet", "Beta");
    assertThat(names("?to=" + made)).containsExactly("Alpha 50% off");
    assertThat(tenant.get(BROADCASTS + "?state=asleep").pointers()).containsExactly("state");
    assertThat(tenant.get(BROADCASTS + "?from=yesterday").pointers()).containsExactly("from");

    Reply page = tenant.get(BROADCASTS + "?limit=2");
    assertThat(page.json().at("/items/0/id").asString()).isEqualTo(Fixture.idOf(third).toString());
    Reply next = tenant.get(BROADCASTS + "?limit=2&after=" + page.json().get("next").asString());
    assertThat(next.json().at("/items/0/id").asString()).isEqualTo(Fixture.idOf(first).toString());
    assertThat(next.json().has("next")).isFalse();
  }

  @Test
  void usesItsChannelsAllAtOnceUnlessToldToFallBack() {
    String all = fixture.draft("All");
    assertThat(tenant.get(all).json().get("channel_mode").asString()).isEqualTo("all");
    Map<String, Object> wanted = fixture.wanted("First that works");
    wanted.put("channel_mode", "fallback");
    String path = tenant.post(BROADCASTS, wanted).header("Location");
    assertThat(tenant.get(path).json().get("channel_mode").asString()).isEqualTo("fallback");
    Map<String, Object> copied = Map.of("name", "Again");
    assertThat(tenant.post(path + "/clone", copied).json().get("channel_mode").asString())
        .isEqualTo("fallback");

    Object telegram = Map.of("channel", "telegram", "account_id", fixture.telegram.toString());
    Map<String, Object> one = Map.of("channels", List.of(telegram));
    assertThat(api.call(tenant.adminKey(), "PATCH", path, one).pointers())
        .containsExactly("/channel_mode");
    Map<String, Object> twice = Map.of("channels", List.of(telegram, telegram));
    assertThat(api.call(tenant.adminKey(), "PATCH", path, twice).pointers())
        .containsExactly("/channels/1/channel");
    Reply changed = api.call(tenant.adminKey(), "PATCH", path, Map.of("channel_mode", "all"));
    assertThat(changed.json().get("channel_mode").asString()).isEqualTo("all");
    wanted.put("channel_mode", "best");
    assertThat(tenant.post(BROADCASTS, wanted).pointers()).containsExactly("/channel_mode");
  }

  @Test
  void makesATestWithItsDefaultsAndCopiesIt() {
    Reply created = tenant.post(BROADCASTS, fixture.tested("Tested"));
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    JsonNode test = created.json().get("ab_test");
    assertThat(test.toString())
        .isEqualTo(
            """
            {"variants":[\
            {"id":"a","name":"Short","percent":10,"channels":{"email":{"template_id":"%s"}}},\
            {"id":"b","name":"Long","percent":10,"channels":{"email":{"template_id":"%s"}}}],\
            "hold_back_percent":80,"channel":"email","metric":"click",\
            "looks":[0.2,0.4,0.6,0.8,1.0],"duration":"PT4H","minimum_sample":100,"alpha":0.05,\
            "decision":"auto","fallback":"a"}\
            """
                .formatted(fixture.template, fixture.template));
    String path = created.header("Location");
    assertThat(tenant.get(path).json().get("ab_test")).isEqualTo(test);
    assertThat(tenant.get(path).json().at("/links/ab_test").asString())
        .isEqualTo(path + "/ab-test");
    assertThat(tenant.post(path + "/clone", "").json().get("ab_test")).isEqualTo(test);

    Map<String, Object> changed = plan();
    changed.put("metric", "custom_value");
    changed.put("custom_event", "purchase");
    changed.put("looks", List.of(0.5, 1));
    changed.put("decision", "manual");
    changed.put("fallback", "b");
    changed.put("channel", "email");
    changed.put("minimum_sample", 1_000);
    changed.put("alpha", 0.01);
    Reply patched = api.call(tenant.adminKey(), "PATCH", path, Map.of("ab_test", changed));
    assertThat(patched.json().at("/ab_test/custom_event").asString()).isEqualTo("purchase");
    assertThat(patched.json().at("/ab_test/looks").toString()).isEqualTo("[0.5,1.0]");
    assertThat(tenant.get(path).json().get("ab_test")).isEqualTo(patched.json().get("ab_test"));
    Reply without = api.call(tenant.adminKey(), "PATCH", path, Map.of("ab_test", Map.of()));
    assertThat(without.status()).isEqualTo(200);
    assertThat(without.json().has("ab_test")).isFalse();
  }

  private Map<String, Object> plan() {
    return new LinkedHashMap<>((Map<String, Object>) fixture.tested("x").get("ab_test"));
  }

  @Test
  void aTestOfPressesNeedsTheirButtonInEveryVariant() {
    List<Object> yesAndNo =
        List.of(
            List.of(
                Map.of("text", "Yes", "data", "yes"),
                Map.of("text", "Go", "url", "https://example.org")),
            List.of(Map.of("text", "No", "data", "no")));
    String both = fixture.template(Map.of("telegram", Map.of("text", "?", "buttons", yesAndNo)));
    String yes =
        fixture.template(
            Map.of("telegram", Map.of("text", "?", "buttons", yesAndNo.subList(0, 1))));
    assertThat(tenant.post(BROADCASTS, ofPresses(null, both, yes)).status()).isEqualTo(201);
    assertThat(tenant.post(BROADCASTS, ofPresses("yes", both, yes)).status()).isEqualTo(201);
    assertThat(tenant.post(BROADCASTS, ofPresses("no", both, yes)).pointers())
        .containsExactly("/ab_test/variants/1/channels/telegram/template_id");
    assertThat(tenant.post(BROADCASTS, ofPresses(null, fixture.template, yes)).pointers())
        .containsExactly("/ab_test/variants/0/channels/telegram/template_id");

    String draft = tenant.post(BROADCASTS, ofPresses("no", both, both)).header("Location");
    tenant.put(
        "/api/v1/templates/" + both,
        Map.of("name", "T", "channels", Map.of("telegram", Map.of("text", "?"))));
    assertThat(fixture.act(draft, "start").pointers())
        .as("the button is gone since")
        .containsExactly(
            "/ab_test/variants/0/channels/telegram/template_id",
            "/ab_test/variants/1/channels/telegram/template_id");
  }

  private Map<String, Object> ofPresses(String button, String a, String b) {
    Map<String, Object> wanted = fixture.tested("Pressed");
    wanted.put(
        "channels",
        List.of(Map.of("channel", "telegram", "account_id", fixture.telegram.toString())));
    Map<String, Object> plan = plan();
    plan.put("metric", "button");
    if (button != null) {
      plan.put("button", button);
    }
    plan.put("variants", List.of(onTelegram("A", a), onTelegram("B", b)));
    wanted.put("ab_test", plan);
    return wanted;
  }

  private static Map<String, Object> onTelegram(String name, String template) {
    Map<String, Object> variant = Fixture.variant(name, 10, template);
    variant.put("channels", Map.of("telegram", Map.of("template_id", template)));
    return variant;
  }

  @Test
  void namesWhatIsWrongWithATest() {
    Map<String, Object> percent = Map.of("hold_back_percent", 70);
    refusesTest("/ab_test/variants", percent);
    refusesTest("/ab_test/hold_back_percent", Map.of("hold_back_percent", 91));
    refusesTest("/ab_test/hold_back_percent", Map.of("hold_back_percent", -1));
    refusesTest("/ab_test/duration", Map.of("duration", "PT59S"));
    refusesTest("/ab_test/duration", Map.of("duration", "PT720H1S"));
    refusesTest("/ab_test/duration", Map.of("duration", "soon"));
    refusesTest("/ab_test/metric", Map.of("metric", "sympathy"));
    refusesTest("/ab_test/custom_event", Map.of("metric", "custom"));
    refusesTest("/ab_test/custom_event", Map.of("custom_event", "purchase"));
    refusesTest(
        "/ab_test/custom_event", Map.of("metric", "custom", "custom_event", "x".repeat(101)));
    refusesTest("/ab_test/custom_event", Map.of("metric", "custom", "custom_event", "two words"));
    refusesTest("/ab_test/looks", Map.of("looks", List.of()));
    refusesTest("/ab_test/looks", Map.of("looks", List.of(0.1, 0.2, 0.3, 0.4, 0.5, 1)));
    refusesTest("/ab_test/looks/1", Map.of("looks", List.of(0.5, 0.5, 1)));
    refusesTest("/ab_test/looks/1", Map.of("looks", List.of(0.5, 0.9)));
    refusesTest("/ab_test/looks/0", Map.of("looks", List.of(0, 1)));
    refusesTest("/ab_test/minimum_sample", Map.of("minimum_sample", 0));
    refusesTest("/ab_test/minimum_sample", Map.of("minimum_sample", 10_000_001));
    refusesTest("/ab_test/alpha", Map.of("alpha", 0.0009));
    refusesTest("/ab_test/alpha", Map.of("alpha", 0.21));
    refusesTest("/ab_test/decision", Map.of("decision", "later"));
    refusesTest("/ab_test/fallback", Map.of("fallback", "c"));
    refusesTest("/ab_test/channel", Map.of("channel", "telegram"));
    // What a channel does not tell us is no metric there.
    refusesTest("/ab_test/metric", Map.of("metric", "button"));
    refusesTest("/ab_test/metric", Map.of("metric", "reply"));
    refusesTest("/ab_test/button", Map.of("button", "more"));
    refusesTest("/ab_test/baseline", Map.of("baseline", 0));
    refusesTest("/ab_test/baseline", Map.of("baseline", 1));
    refusesTest("/ab_test/minimum_effect", Map.of("minimum_effect", 0));
    refusesTest("/ab_test/minimum_effect", Map.of("minimum_effect", 10.1));
    refusesTest("/ab_test/minimum_effect", Map.of("baseline", 0.5, "minimum_effect", 1));
    Map<String, Object> value = Map.of("metric", "custom_value", "custom_event", "purchase");
    refusesTest("/ab_test/baseline", join(value, Map.of("baseline", 0.1)));
    refusesTest("/ab_test/minimum_effect", join(value, Map.of("minimum_effect", 0.1)));

    String template = fixture.template;
    Map<String, Object> a = Fixture.variant("Short", 10, template);
    refusesVariants("/ab_test/variants", List.of(Fixture.variant("All", 20, template)));
    refusesVariants(
        "/ab_test/variants",
        IntStream.range(0, 9).mapToObj(i -> Fixture.variant("V" + i, 2, template)).toList());
    refusesVariants(
        "/ab_test/variants/1/name", List.of(a, Fixture.variant(" Short ", 10, template)));
    refusesVariants("/ab_test/variants/1/name", List.of(a, Fixture.variant(" ", 10, template)));
    refusesVariants(
        "/ab_test/variants/1/name", List.of(a, Fixture.variant("x".repeat(101), 10, template)));
    refusesVariants("/ab_test/variants/1/percent", List.of(a, Fixture.variant("B", 0, template)));
    String silent = fixture.template(Map.of("telegram", Map.of("text", "x")));
    for (String no : List.of(silent, UUID.randomUUID().toString())) {
      refusesVariants(
          "/ab_test/variants/1/channels/email/template_id",
          List.of(a, Fixture.variant("B", 10, no)));
    }
    refusesVariants("/ab_test/variants/1/channels", List.of(a, with("channels", Map.of())));
    refusesVariants(
        "/ab_test/variants/1/channels/email/template_id",
        List.of(a, with("channels", Map.of("email", Map.of()))));
    refusesVariants(
        "/ab_test/variants/1/channels/sms",
        List.of(
            a,
            with(
                "channels",
                Map.of(
                    "email", Map.of("template_id", template),
                    "sms", Map.of("template_id", template)))));
    refusesVariants("/ab_test/variants/1/delay", List.of(a, with("delay", "PT4H")));
    refusesVariants("/ab_test/variants/1/delay", List.of(a, with("delay", "PT0S")));

    Map<String, Object> none = fixture.tested("x");
    none.put("ab_test", Map.of("metric", "click"));
    assertThat(tenant.post(BROADCASTS, none).pointers())
        .containsExactly("/ab_test/variants", "/ab_test/duration", "/ab_test/fallback");
    Map<String, Object> eight = fixture.tested("x");
    Map<String, Object> most = plan();
    most.put(
        "variants",
        IntStream.range(0, 8).mapToObj(i -> Fixture.variant("V" + i, 2, template)).toList());
    most.put("hold_back_percent", 84);
    most.put("duration", "PT720H");
    most.put("fallback", "h");
    eight.put("ab_test", most);
    assertThat(tenant.post(BROADCASTS, eight).status()).isEqualTo(201);
  }

  @Test
  void comparesByWhatTheChannelTells() {
    for (String metric : List.of("reply", "button", "click")) {
      assertThat(onTelegram(Map.of("metric", metric)).status()).as(metric).isEqualTo(201);
    }
    assertThat(onTelegram(Map.of("metric", "open")).pointers()).containsExactly("/ab_test/metric");
    Map<String, Object> named =
        Map.of("metric", "button", "button", "more", "baseline", 0.05, "minimum_effect", 0.5);
    JsonNode test = onTelegram(named).json().get("ab_test");
    assertThat(test.get("button").asString()).isEqualTo("more");
    assertThat(test.get("baseline").asDouble()).isEqualTo(0.05);
    assertThat(test.get("minimum_effect").asDouble()).isEqualTo(0.5);
    assertThat(onTelegram(Map.of("metric", "button", "button", " ")).pointers())
        .containsExactly("/ab_test/button");
    // Two channels: the first one is compared unless another is named.
    Map<String, Object> both = fixture.wanted("Both");
    Map<String, Object> plan = plan();
    String pressable = pressable();
    Map<String, Object> content = Map.of("template_id", pressable);
    plan.put(
        "variants",
        Stream.of("Short", "Long")
            .map(name -> Fixture.variant(name, 10, pressable))
            .peek(each -> each.put("channels", Map.of("email", content, "telegram", content)))
            .toList());
    plan.put("metric", "button");
    both.put("ab_test", plan);
    assertThat(tenant.post(BROADCASTS, both).pointers()).containsExactly("/ab_test/metric");
    plan.put("channel", "telegram");
    assertThat(tenant.post(BROADCASTS, both).status()).isEqualTo(201);
    plan.put("metric", "open");
    assertThat(tenant.post(BROADCASTS, both).pointers()).containsExactly("/ab_test/metric");
  }

  /** A template for both channels with a button that tells of presses. */
  private String pressable() {
    List<Object> more = List.of(List.of(Map.of("text", "More", "data", "more")));
    return fixture.template(
        Map.of(
            "email",
            Map.of("subject", "S", "text", "T"),
            "telegram",
            Map.of("text", "C", "buttons", more)));
  }

  private Reply onTelegram(Map<String, Object> measure) {
    Map<String, Object> wanted = fixture.wanted("On Telegram");
    wanted.put(
        "channels",
        List.of(Map.of("channel", "telegram", "account_id", fixture.telegram.toString())));
    String template = pressable();
    Map<String, Object> plan = plan();
    plan.put(
        "variants",
        Stream.of("Short", "Long")
            .map(name -> Fixture.variant(name, 10, template))
            .peek(each -> each.put("channels", Map.of("telegram", Map.of("template_id", template))))
            .toList());
    plan.putAll(measure);
    wanted.put("ab_test", plan);
    return tenant.post(BROADCASTS, wanted);
  }

  private static Map<String, Object> join(Map<String, Object> one, Map<String, Object> other) {
    Map<String, Object> joined = new LinkedHashMap<>(one);
    joined.putAll(other);
    return joined;
  }

  private static Map<String, Object> with(String field, Object value) {
    Map<String, Object> variant = Fixture.variant("B", 10, UUID.randomUUID().toString());
    variant.put(field, value);
    return variant;
  }

  private void refusesVariants(String pointer, List<Map<String, Object>> variants) {
    refusesTest(pointer, Map.of("variants", variants));
  }

  private void refusesTest(String pointer, Map<String, Object> wrong) {
    Map<String, Object> wanted = fixture.tested("x");
    Map<String, Object> test = plan();
    test.putAll(wrong);
    wanted.put("ab_test", test);
    Reply refused = tenant.post(BROADCASTS, wanted);
    assertThat(refused.status()).as("%s", wrong).isEqualTo(422);
    assertThat(refused.pointers()).as("%s", wrong).contains(pointer);
  }

  @Test
  void templateOfAVariantStaysWhileItIsTested() {
    String other =
        fixture.template(Map.of("email", Map.of("subject", "Long", "text", "Long text")));
    Map<String, Object> wanted = fixture.tested("Tested");
    Map<String, Object> test = plan();
    test.put(
        "variants",
        List.of(
            Fixture.variant("Short", 10, fixture.template), Fixture.variant("Long", 10, other)));
    wanted.put("ab_test", test);
    String path = tenant.post(BROADCASTS, wanted).header("Location");
    assertThat(tenant.delete("/api/v1/templates/" + other).code()).isEqualTo("template_in_use");
    assertThat(tenant.delete(path).status()).isEqualTo(204);
    assertThat(tenant.delete("/api/v1/templates/" + other).status()).isEqualTo(204);
  }

  private List<String> names(String query) {
    return tenant
        .get(BROADCASTS + query)
        .json()
        .get("items")
        .valueStream()
        .map(item -> item.get("name").asString())
        .toList();
  }

  @Test
  void changesADraftUnlessSomebodyElseDidFirst() {
    String path = fixture.draft("Old");
    Map<String, Object> patch =
        Map.of(
            "name",
            "New",
            "policy",
            "at-least-once",
            "channels",
            List.of(Map.of("channel", "telegram", "account_id", fixture.telegram.toString())));

    Reply changed = api.call(tenant.adminKey(), "PATCH", path, patch, "If-Match", "\"1\"");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.json().get("channels")).hasSize(1);
    assertThat(changed.json().at("/variables/price").asInt()).isEqualTo(12);
    assertThat(tenant.get(path).json()).isEqualTo(changed.json());

    Reply stale = api.call(tenant.adminKey(), "PATCH", path, patch, "If-Match", "\"1\"");
    assertThat(stale.code()).isEqualTo("version_mismatch");
    assertThat(tenant.delete(path, "If-Match", "\"1\"").status()).isEqualTo(412);
    Reply blank = api.call(tenant.adminKey(), "PATCH", path, Map.of("name", " "));
    assertThat(blank.pointers()).containsExactly("/name");
    assertThat(tenant.delete(path, "If-Match", "\"2\"").status()).isEqualTo(204);
    assertThat(tenant.get(path).code()).isEqualTo("broadcast_not_found");
  }

  @Test
  void copiesABroadcastWhateverItsState() {
    String path = fixture.running("News");

    Reply copy = tenant.post(path + "/clone", "");
    assertThat(copy.status()).isEqualTo(201);
    assertThat(copy.json().get("name").asString()).isEqualTo("News (copy)");
    assertThat(copy.json().get("state").asString()).isEqualTo("draft");
    assertThat(copy.json().get("channels")).isEqualTo(tenant.get(path).json().get("channels"));
    assertThat(copy.json().has("started_at")).isFalse();
    Reply named = tenant.post(path + "/clone", Map.of("name", "Summer"));
    assertThat(named.json().get("name").asString()).isEqualTo("Summer");
  }

  @Test
  void templateInUseStays() {
    String path = fixture.running("News");

    Reply refused = tenant.delete("/api/v1/templates/" + fixture.template);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("template_in_use");
    fixture.act(path, "cancel");
    assertThat(tenant.delete("/api/v1/templates/" + fixture.template).status()).isEqualTo(204);
    assertThat(tenant.post(path + "/clone", "").pointers()).containsExactly("/template_id");
  }

  @Test
  void anotherTenantsBroadcastIsNotThere() {
    String path = fixture.draft("Mine");
    Fixture other = new Fixture(api);

    assertThat(other.tenant.get(path).status()).isEqualTo(404);
    for (String action :
        List.of(
            "edit",
            "delete",
            "schedule",
            "unschedule",
            "start",
            "pause",
            "resume",
            "cancel",
            "clone")) {
      assertThat(other.act(path, action).code()).as(action).isEqualTo("broadcast_not_found");
    }
    assertThat(other.tenant.get(path + "/progress").status()).isEqualTo(404);
    assertThat(other.tenant.get(path + "/progress/stream").status()).isEqualTo(404);
    assertThat(other.tenant.get(BROADCASTS).json().get("items")).isEmpty();
    assertThat(other.tenant.post(BROADCASTS, fixture.wanted("x")).pointers())
        .containsExactly("/template_id", "/channels/0/account_id", "/channels/1/account_id");
    assertThat(fixture.stateOf(path)).isEqualTo("draft");
  }

  @Test
  void rolesSayWhoMaySend() {
    String path = fixture.draft("News");
    String editor = tenant.key("editor");
    String viewer = tenant.key("viewer");
    String sender = tenant.key("sender");
    Map<String, Object> scheduled = fixture.wanted("Later");
    scheduled.put("scheduled_at", Instant.now().plusSeconds(3_600).toString());

    assertThat(api.call(viewer, "POST", BROADCASTS, fixture.wanted("x")).status()).isEqualTo(403);
    assertThat(api.call(editor, "POST", BROADCASTS, fixture.wanted("x")).status()).isEqualTo(201);
    assertThat(api.call(editor, "POST", BROADCASTS, scheduled).code()).isEqualTo("forbidden");
    assertThat(api.call(editor, "POST", path + "/start").status()).isEqualTo(403);
    Reply later = api.call(sender, "POST", BROADCASTS, scheduled);
    assertThat(later.status()).isEqualTo(201);
    assertThat(later.json().get("state").asString()).isEqualTo("scheduled");
    assertThat(api.call(sender, "POST", path + "/start").status()).isEqualTo(202);
  }
}
