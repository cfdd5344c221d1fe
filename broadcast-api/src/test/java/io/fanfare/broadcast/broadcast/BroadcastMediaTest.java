package io.fanfare.broadcast.broadcast;

import static io.fanfare.broadcast.broadcast.Fixture.BROADCASTS;
import static io.fanfare.broadcast.broadcast.Fixture.idOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.media.MediaHost;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.Media;
import io.fanfare.localstack.testing.KafkaProbe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is sent is what was checked when the broadcast was started or scheduled. */
@ExtendWith(ApiExtension.class)
class BroadcastMediaTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ApiUnderTest api;
  private final MediaHost host = new MediaHost();
  private Fixture fixture;

  BroadcastMediaTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeFixture() {
    fixture = new Fixture(api);
    host.answer("/spring.png", 200, "image/png", MediaHost.PNG);
    host.answer("/plan.txt", "text/plain", "At ten.");
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private String template(String photo, String plan) {
    return fixture.template(
        Map.of(
            "email",
            Map.of(
                "subject",
                "S",
                "text",
                "T",
                "media",
                List.of(Map.of("kind", "attachment", "url", plan, "file_name", "Plan.txt"))),
            "telegram",
            Map.of("text", "C", "media", Map.of("kind", "photo", "url", photo))));
  }

  private String draft(String template) {
    Map<String, Object> wanted = fixture.wanted("With files");
    wanted.put("template_id", template);
    return fixture.tenant.post(BROADCASTS, wanted).header("Location");
  }

  private List<BroadcastContent> contents(String path, int count) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe
          .await(
              Topics.BROADCAST_CONTENT.name(),
              PATIENCE,
              records ->
                  records.stream()
                          .filter(record -> key(record.key()).startsWith(idOf(path).toString()))
                          .count()
                      >= count)
          .stream()
          .filter(record -> key(record.key()).startsWith(idOf(path).toString()))
          .map(record -> EventCodec.decode(BroadcastContent.class, record.value()))
          .toList();
    }
  }

  private static String key(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static Media file(List<BroadcastContent> contents, String variant, String channel) {
    return contents.stream()
        .filter(content -> content.variant().equals(variant))
        .filter(content -> content.channel().name().equals(channel))
        .findFirst()
        .orElseThrow()
        .content()
        .files()
        .getFirst();
  }

  @Test
  void aStartFetchesChecksAndKeepsItsFiles() {
    String path = draft(template(host.url("/spring.png"), host.url("/plan.txt")));
    assertThat(host.asked("/spring.png")).as("a draft is not looked at").isZero();
    Reply started = fixture.act(path, "start");
    assertThat(started.status()).as(started.body()).isEqualTo(202);
    assertThat(host.asked("/spring.png")).isEqualTo(1);
    List<BroadcastContent> contents = contents(path, 2);
    Media photo = file(contents, "a", "telegram");
    assertThat(photo.kind()).isEqualTo(Media.Kind.PHOTO);
    assertThat(photo.fileName()).isEqualTo("spring.png");
    assertThat(photo.contentType()).isEqualTo("image/png");
    assertThat(photo.size()).isEqualTo(MediaHost.PNG.length);
    Media plan = file(contents, "a", "email");
    assertThat(plan.fileName()).isEqualTo("Plan.txt");
    assertThat(plan.sha256()).hasSize(64).isNotEqualTo(photo.sha256());
    assertThat(uses(path)).isEqualTo(2);
  }

  @Test
  void aStartIsRefusedWithWhatWasFoundAndChangesNothing() {
    host.answer("/page", "text/html", "<p>");
    String path = draft(template(host.url("/page"), host.url("/gone")));
    Reply refused = fixture.act(path, "start");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.pointers()).containsExactly("/channels/0/media/0", "/channels/1/media");
    assertThat(refused.body())
        .contains("/gone: it answers 404", "/page: files of type text/html cannot be sent");
    assertThat(fixture.act(path, "schedule").pointers())
        .containsExactly("/channels/0/media/0", "/channels/1/media");
    assertThat(fixture.stateOf(path)).isEqualTo("draft");
    host.answer("/page", 200, "image/gif", "GIF89a".getBytes(StandardCharsets.US_ASCII));
    assertThat(fixture.act(path, "start").body()).contains("it is image/gif; allowed here");
    Map<String, Object> atOnce = fixture.wanted("Later");
    atOnce.put("template_id", template(host.url("/page"), host.url("/plan.txt")));
    atOnce.put("scheduled_at", Instant.now().plusSeconds(3_600).toString());
    assertThat(fixture.tenant.post(BROADCASTS, atOnce).pointers())
        .containsExactly("/channels/1/media");
  }

  @Test
  void whatWasScheduledStartsWithWhatWasCheckedThen() {
    String template = template(host.url("/spring.png"), host.url("/plan.txt"));
    String path = draft(template);
    assertThat(fixture.act(path, "schedule").status()).isEqualTo(200);
    host.answer("/plan.txt", "text/plain", "At eleven.");
    host.answer("/new.png", 200, "image/png", MediaHost.PNG);
    // What is named since is fetched when it starts, aside.
    fixture.tenant.put(
        "/api/v1/templates/" + template,
        Map.of(
            "name",
            "T",
            "channels",
            Map.of(
                "email",
                Map.of(
                    "subject",
                    "S",
                    "text",
                    "T",
                    "media",
                    List.of(Map.of("kind", "attachment", "url", host.url("/plan.txt")))),
                "telegram",
                Map.of(
                    "text", "C", "media", Map.of("kind", "photo", "url", host.url("/new.png"))))));
    api.jdbc()
        .sql("update broadcast set scheduled_at = now() where id = :id")
        .param("id", idOf(path))
        .update();
    await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("running"));
    List<BroadcastContent> contents = contents(path, 2);
    assertThat(file(contents, "a", "email").size()).isEqualTo("At ten.".length());
    assertThat(file(contents, "a", "telegram").fileName()).isEqualTo("new.png");
    assertThat(host.asked("/plan.txt")).isEqualTo(1);
    assertThat(host.asked("/new.png")).isEqualTo(1);
  }

  @Test
  void oneWhoseFilesAreGoneWhenItIsToStartFailsWithTheReason() {
    String template = template(host.url("/spring.png"), host.url("/plan.txt"));
    String path = draft(template);
    fixture.act(path, "schedule");
    fixture.tenant.put(
        "/api/v1/templates/" + template,
        Map.of(
            "name",
            "T",
            "channels",
            Map.of(
                "email",
                Map.of("subject", "S", "text", "T"),
                "telegram",
                Map.of("text", "C", "media", Map.of("kind", "photo", "url", host.url("/none"))))));
    api.jdbc()
        .sql("update broadcast set scheduled_at = now() where id = :id")
        .param("id", idOf(path))
        .update();
    await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("failed"));
    assertThat(fixture.tenant.get(path).body()).contains("not_startable", "/none: it answers 404");
    assertThat(uses(path)).isZero();
  }

  @Test
  void variantsMayDifferInTheirFiles() {
    host.answer("/other.png", 200, "image/png", MediaHost.PNG);
    String one = template(host.url("/spring.png"), host.url("/plan.txt"));
    String other = template(host.url("/other.png"), host.url("/spring.png"));
    Map<String, Object> wanted = fixture.tested("Tested");
    Map<String, Object> test = new HashMap<>((Map<String, Object>) wanted.get("ab_test"));
    test.put("variants", List.of(Fixture.variant("A", 10, one), Fixture.variant("B", 10, other)));
    wanted.put("ab_test", test);
    String path = fixture.tenant.post(BROADCASTS, wanted).header("Location");
    assertThat(fixture.act(path, "start").status()).isEqualTo(202);
    List<BroadcastContent> contents = contents(path, 2);
    assertThat(file(contents, "a", "email").contentType()).isEqualTo("text/plain");
    assertThat(file(contents, "b", "email").contentType()).isEqualTo("image/png");
    assertThat(host.asked("/other.png")).as("the test sends no Telegram").isZero();
  }

  @Test
  void whatIsUnscheduledKeepsNothing() {
    String path = draft(template(host.url("/spring.png"), host.url("/plan.txt")));
    fixture.act(path, "schedule");
    assertThat(uses(path)).isEqualTo(2);
    fixture.act(path, "unschedule");
    assertThat(uses(path)).isZero();
  }

  @Test
  void aSingleMessageCarriesFilesToo() {
    api.backend().answer("/api/v1/contacts/77", 200, "{\"id\": 77}");
    Map<String, Object> message = new HashMap<>();
    message.put("contact_id", 77);
    message.put("account_id", fixture.telegram.toString());
    message.put("template_id", template(host.url("/spring.png"), host.url("/plan.txt")));
    for (int i = 0; i < 2; i++) {
      Reply taken = fixture.tenant.post("/api/v1/messages", message);
      assertThat(taken.status()).as(taken.body()).isEqualTo(202);
    }
    assertThat(host.asked("/spring.png")).as("the second takes the copy").isEqualTo(1);
    message.put("template_id", template(host.url("/none"), host.url("/plan.txt")));
    Reply refused = fixture.tenant.post("/api/v1/messages", message);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.pointers()).containsExactly("/template_id/media");
  }

  private long uses(String path) {
    return api.jdbc()
        .sql("select count(*) from media_use where broadcast_id = :id")
        .param("id", idOf(path))
        .query(Long.class)
        .single();
  }
}
