package io.fanfare.broadcast.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiExtension.class)
class MediaTest {

  private static final String MEDIA = "/api/v1/media";

  private final ApiUnderTest api;
  private TestTenant tenant;

  MediaTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
  }

  private Reply upload(String name, String type, BodyPublisher body) {
    return api.send(
        HttpRequest.newBuilder(URI.create(api.baseUrl() + MEDIA + "?file_name=" + name))
            .header("Authorization", "Bearer " + tenant.adminKey())
            .header("Content-Type", type)
            .POST(body)
            .build());
  }

  private Reply upload(String name, String type, String text) {
    return upload(name, type, BodyPublishers.ofString(text));
  }

  private static String path(Reply uploaded) {
    assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
    return uploaded.header("Location");
  }

  @Test
  void keepsAFileAndGivesItBackToBeSaved() {
    Reply uploaded = upload("notice%20%C3%BC.txt", "text/plain; charset=utf-8", "At ten.");
    String path = path(uploaded);
    assertThat(uploaded.json().get("file_name").asString()).isEqualTo("notice ü.txt");
    assertThat(uploaded.json().get("content_type").asString()).isEqualTo("text/plain");
    assertThat(uploaded.json().get("size").asInt()).isEqualTo(7);
    assertThat(uploaded.json().get("sha256").asString()).hasSize(64);
    assertThat(tenant.get(path).json()).isEqualTo(uploaded.json());
    assertThat(tenant.get(MEDIA).json().at("/items/0")).isEqualTo(uploaded.json());
    Reply content = tenant.get(path + "/content");
    assertThat(content.body()).isEqualTo("At ten.");
    assertThat(content.header("Content-Disposition")).startsWith("attachment");
    assertThat(content.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(content.header("Content-Length")).isEqualTo("7");

    assertThat(tenant.delete(path).status()).isEqualTo(204);
    assertThat(tenant.get(path).status()).isEqualTo(404);
    assertThat(tenant.get(path + "/content").status()).isEqualTo(404);
    assertThat(tenant.delete(path).status()).isEqualTo(404);
    assertThat(tenant.get(MEDIA).json().get("items")).isEmpty();
  }

  @Test
  void saysHowLargeAnImageIs() {
    Reply uploaded =
        upload("a.png", "application/octet-stream", BodyPublishers.ofByteArray(MediaHost.PNG));
    path(uploaded);
    assertThat(uploaded.json().get("content_type").asString()).isEqualTo("image/png");
    assertThat(uploaded.json().get("width").asInt()).isEqualTo(1);
    assertThat(uploaded.json().get("height").asInt()).isEqualTo(1);
    assertThat(tenant.get(uploaded.header("Location")).json()).isEqualTo(uploaded.json());
  }

  @Test
  void givesALargeFileWhole() {
    String text = "0123456789".repeat(70_000);
    String path = path(upload("large.txt", "text/plain", text));
    assertThat(tenant.get(path + "/content").body()).isEqualTo(text);
  }

  @Test
  void takesNoMoreThanATenantMayKeepUntilSomethingIsDeleted() {
    String first = path(upload("a.txt", "text/plain", "1234567"));
    // As if it were so large: with the seven bytes of the next one there is just room for both.
    api.jdbc()
        .sql("update media set size = :size where id = :id")
        .param("size", MediaLimits.MOST_BYTES_OF_TENANT - 7)
        .param("id", UUID.fromString(first.substring(first.lastIndexOf('/') + 1)))
        .update();
    String second = path(upload("b.txt", "text/plain", "1234567"));
    Reply full = upload("c.txt", "text/plain", "1");
    assertThat(full.status()).isEqualTo(413);
    assertThat(full.json().get("code").asString()).isEqualTo("media_full");
    assertThat(tenant.get(MEDIA).json().get("items")).hasSize(2);
    assertThat(tenant.delete(second).status()).isEqualTo(204);
    path(upload("c.txt", "text/plain", "1"));
  }

  @Test
  void refusesWhatItIsNotSaidToBeOrCannotBeSent() {
    for (Reply refused :
        List.of(
            upload("a.png", "image/png", "<script>"),
            upload("a.html", "text/html", "<p>"),
            upload("a.txt", "text/plain", ""),
            upload("a%2Fb", "text/plain", "x"),
            upload("a%0Ab", "text/plain", "x"),
            upload("x".repeat(201), "text/plain", "x"),
            upload("a", "multipart/form-data; boundary=x", "--x--"))) {
      assertThat(refused.status()).as(refused.body()).isEqualTo(422);
    }
    assertThat(upload("a.png", "image/png", "<script>").body())
        .contains("it is said to be image/png and is not");
    assertThat(tenant.get(MEDIA).json().get("items")).isEmpty();
  }

  @Test
  void refusesWhatIsTooLargeHoweverItComes() {
    byte[] large = new byte[MediaLimits.MOST_BYTES + 1];
    Reply announced = upload("a", "text/plain", BodyPublishers.ofByteArray(large));
    assertThat(announced.status()).isEqualTo(413);
    assertThat(announced.code()).isEqualTo("body_too_large");
    Reply streamed =
        upload(
            "a",
            "text/plain",
            BodyPublishers.ofByteArrays(Collections.nCopies(11, new byte[1_000_000])));
    assertThat(streamed.status()).isEqualTo(413);
    assertThat(streamed.code()).isEqualTo("body_too_large");
  }

  @Test
  void belongsToItsTenantAlone() {
    String path = path(upload("a.txt", "text/plain", "mine"));
    TestTenant stranger = api.newTenant();
    assertThat(stranger.get(path).status()).isEqualTo(404);
    assertThat(stranger.get(path + "/content").status()).isEqualTo(404);
    assertThat(stranger.delete(path).status()).isEqualTo(404);
    assertThat(stranger.get(MEDIA).json().get("items")).isEmpty();
    assertThat(api.call(tenant.key("viewer"), "DELETE", path).status()).isEqualTo(403);
    assertThat(api.call("", "GET", path).status()).isEqualTo(401);

    String internal = path.replace("/api/", "/internal/") + "/content";
    IdentityTokens tokens = api.bean(IdentityTokens.class);
    assertThat(internally(internal, tokens.authorization(Identity.system(tenant.id()))).body())
        .isEqualTo("mine");
    assertThat(internally(internal, tokens.authorization(Identity.system(stranger.id()))).status())
        .isEqualTo(404);
    assertThat(internally(internal, "Bearer " + tenant.adminKey()).status()).isEqualTo(401);
    assertThat(internally("/internal/v1/media", "Bearer x").status()).isIn(401, 404);
  }

  private Reply internally(String path, String authorization) {
    return api.send(
        HttpRequest.newBuilder(URI.create(api.baseUrl() + path))
            .header("Authorization", authorization)
            .build());
  }

  @Test
  void aTemplateNamesFilesThatMakeSense() {
    String id = idOf(upload("a.txt", "text/plain", "x"));
    Map<String, Object> good = media("attachment", "media_id", id);
    assertThat(template(List.of(good), null).status()).isEqualTo(201);
    Reply refused =
        template(
            List.of(
                media("photo", "media_id", id),
                Map.of("kind", "attachment"),
                media("attachment", "url", "https://example.org/{{ contact.id }}"),
                media("inline", "url", "https://example.org/a.png"),
                media("attachment", "url", "ftp://example.org/a.png"),
                with(good, "file_name", "../a"),
                with(good, "content_id", "a")),
            media("attachment", "url", "https://u@example.org/a"));
    assertThat(refused.pointers())
        .containsExactlyInAnyOrder(
            "/channels/email/media/0/kind",
            "/channels/email/media/1",
            "/channels/email/media/2/url",
            "/channels/email/media/3/content_id",
            "/channels/email/media/4/url",
            "/channels/email/media/5/file_name",
            "/channels/email/media/6/content_id",
            "/channels/telegram/media/kind",
            "/channels/telegram/media/url");
    assertThat(template(Collections.nCopies(11, good), null).pointers())
        .containsExactly("/channels/email/media");
  }

  @Test
  void aCheckFetchesFilesAndSaysWhatIsWrong() {
    try (MediaHost host = new MediaHost()) {
      host.answer("/logo.png", 200, "image/png", MediaHost.PNG);
      host.answer("/page", "text/html", "<p>");
      String id = idOf(upload("a.txt", "text/plain", "x"));
      Map<String, Object> channels =
          channels(
              List.of(
                  with(media("inline", "url", host.url("/logo.png")), "content_id", "logo"),
                  media("attachment", "url", host.url("/gone")),
                  media("attachment", "media_id", UUID.randomUUID().toString()),
                  with(media("inline", "media_id", id), "content_id", "text")),
              media("photo", "url", host.url("/page")));
      Map<String, Object> telegram = new HashMap<>((Map<String, Object>) channels.get("telegram"));
      telegram.put("text", "x".repeat(1_025));
      Map<String, Object> longer = new HashMap<>(channels);
      longer.put("telegram", telegram);
      Reply report = tenant.post("/api/v1/templates/check", Map.of("channels", longer));
      List<String> warnings = new ArrayList<>();
      report
          .json()
          .get("warnings")
          .forEach(warning ->
              warnings.add(
                  warning.get("pointer").asString() + " " + warning.get("message").asString()));
      assertThat(report.json().get("valid").asBoolean()).isTrue();
      assertThat(warnings)
          .containsExactly(
              "/channels/telegram/text Telegram refuses captions of more than 1024 characters",
              "/channels/email/media/1 " + host.url("/gone") + ": it answers 404",
              "/channels/email/media/2 there is no such file",
              "/channels/email/media/3 it is text/plain; allowed here: image/gif, image/jpeg,"
                  + " image/png, image/webp",
              "/channels/telegram/media "
                  + host.url("/page")
                  + ": files of type text/html cannot be sent");
      Reply made = tenant.post("/api/v1/templates", Map.of("name", "T", "channels", channels));
      assertThat(made.json().at("/channels/telegram/media/kind").asString()).isEqualTo("photo");
      Reply preview = tenant.post(made.header("Location") + "/preview", Map.of());
      assertThat(preview.json().at("/warnings").size()).isEqualTo(4);
      assertThat(preview.json().at("/channels/email/media/0/content_id").asString())
          .isEqualTo("logo");
    }
    assertThat(
            api.jdbc()
                .sql("select count(*) from media where tenant_id = :tenant")
                .param("tenant", tenant.id())
                .query(Long.class)
                .single())
        .as("the upload alone: a check keeps nothing")
        .isEqualTo(1);
  }

  @Test
  void whatNobodySeesOrSendsGoes() {
    String kept = idOf(upload("kept.txt", "text/plain", "x"));
    String deleted = idOf(upload("deleted.txt", "text/plain", "x"));
    String sent = idOf(upload("sent.txt", "text/plain", "x"));
    MediaRepository repository = api.bean(MediaRepository.class);
    repository.use(UUID.randomUUID(), UUID.fromString(sent));
    tenant.delete(MEDIA + "/" + deleted);
    tenant.delete(MEDIA + "/" + sent);
    repository.deleteUnused(Instant.now().plusSeconds(5), 1_000);
    assertThat(repository.any(tenant.id(), UUID.fromString(kept))).isPresent();
    assertThat(repository.any(tenant.id(), UUID.fromString(deleted))).isEmpty();
    assertThat(repository.any(tenant.id(), UUID.fromString(sent))).isPresent();
  }

  private Reply template(List<Map<String, Object>> email, Map<String, Object> telegram) {
    return tenant.post(
        "/api/v1/templates", Map.of("name", "T", "channels", channels(email, telegram)));
  }

  private static Map<String, Object> channels(
      List<Map<String, Object>> email, Map<String, Object> telegram) {
    Map<String, Object> message = new HashMap<>(Map.of("text", "Look"));
    if (telegram != null) {
      message.put("media", telegram);
    }
    return Map.of(
        "email",
        Map.of("subject", "S", "html", "<img src=\"cid:logo\">", "media", email),
        "telegram",
        message);
  }

  private static Map<String, Object> media(String kind, String where, String what) {
    return Map.of("kind", kind, where, what);
  }

  private static Map<String, Object> with(Map<String, Object> media, String name, String value) {
    Map<String, Object> more = new HashMap<>(media);
    more.put(name, value);
    return more;
  }

  private static String idOf(Reply uploaded) {
    path(uploaded);
    return uploaded.json().get("id").asString();
  }
}
