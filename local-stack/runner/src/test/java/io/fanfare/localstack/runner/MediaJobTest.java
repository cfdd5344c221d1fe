package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.log.AcceptedMessage;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A file from its upload to what recipients see. */
class MediaJobTest {

  private static final SharedStack SHARED = SharedStack.get();

  @Test
  void anUploadedFileReachesEveryRecipientOnBothChannels() throws Exception {
    RestClient api = SHARED.newTenant("Sends files");
    Walkthrough walkthrough = new Walkthrough(api);
    String plan = "We meet at ten. " + "x".repeat(600_000);
    String media = upload(api, plan);
    Map<String, Object> text = Map.of("kind", "document", "media_id", media);
    String template =
        api.post(
                "/api/v1/templates",
                Map.of(
                    "name",
                    "With a file",
                    "channels",
                    Map.of(
                        "email",
                        Map.of(
                            "subject",
                            "Plan",
                            "text",
                            "See there",
                            "media",
                            List.of(Map.of("kind", "attachment", "media_id", media))),
                        "telegram",
                        Map.of("text", "The plan", "media", text))))
            .get("id")
            .asString();
    walkthrough.importReachableContacts(0, 3, count -> {});
    String list = walkthrough.list("All", 0, 3);
    String mail =
        walkthrough.emailAccount("Mail", "localhost", SHARED.simulators().smtp().port(), 0, 2);
    String bot =
        walkthrough.telegramAccount(
            "Bot", SHARED.simulators().telegram().baseUrl(), "770077:media_job_token", 30);
    String broadcast =
        walkthrough.broadcast(
            "With a file", template, list, Map.of("email", mail, "telegram", bot));
    walkthrough.start(broadcast);
    JsonNode end = MainJobTest.awaitEnd(api, broadcast).getLast();
    assertThat(end.get("state").asString()).as(end.toString()).isEqualTo("completed");
    assertThat(end.get("sent").asLong()).as(end.toString()).isEqualTo(6);

    String encoded = Base64.getMimeEncoder().encodeToString(plan.getBytes(StandardCharsets.UTF_8));
    assertThat(newest(Channel.EMAIL).stream().filter(m -> m.marker().equals(broadcast)))
        .hasSize(3)
        .allSatisfy(message ->
            assertThat(content(message).contains(encoded)).as("the whole file").isTrue());
    List<AcceptedMessage> chats =
        newest(Channel.TELEGRAM).stream()
            .filter(message -> message.sender().equals("770077"))
            .toList();
    assertThat(chats)
        .hasSize(3)
        .allSatisfy(message -> {
          assertThat(message.kind()).isEqualTo("sendDocument");
          assertThat(content(message)).contains("The plan", "\"name\":\"plan.txt\"");
        });
    assertThat(chats.stream().filter(message -> content(message).contains("attach://")))
        .as("uploaded once")
        .hasSize(1);
  }

  private static List<AcceptedMessage> newest(Channel channel) {
    return SHARED
        .simulators()
        .log()
        .newest(message -> message.channel() == channel, Long.MAX_VALUE, 200);
  }

  private static String content(AcceptedMessage message) {
    return new String(message.content(), StandardCharsets.UTF_8);
  }

  private static String upload(RestClient api, String text) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(api.base().resolve("/api/v1/media?file_name=plan.txt"))
            .header("Authorization", api.authorization())
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(201);
    }
    return api.get("/api/v1/media").get("items").get(0).get("id").asString();
  }
}
