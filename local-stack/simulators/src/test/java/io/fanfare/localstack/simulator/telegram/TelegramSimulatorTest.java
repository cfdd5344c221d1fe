package io.fanfare.localstack.simulator.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;
import tools.jackson.databind.json.JsonMapper;

class TelegramSimulatorTest {

  private static final String TOKEN = "4242:AAH-secret_token";

  private final ProviderLog log = new ProviderLog(true, Clock.systemUTC());
  private final Faults faults = new Faults();
  private final HttpClient http = HttpClient.newHttpClient();
  private TelegramSimulator telegram;

  @BeforeEach
  void start() {
    telegram = TelegramSimulator.start(TelegramSettings.local().withTokens(TOKEN), faults, log);
  }

  @AfterEach
  void stop() {
    telegram.close();
    http.close();
  }

  @Test
  void takesAMessageOnAKeptConnection() throws Exception {
    long first = messageId(call("sendMessage", "{\"chat_id\":100,\"text\":\"Hi ref:b1\"}"));
    for (int i = 1; i < 50; i++) {
      var answer = call("sendMessage", "{\"chat_id\":" + (100 + i) + ",\"text\":\"Hi ref:b1\"}");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains(
              "\"ok\":true",
              "\"message_id\":" + (first + i),
              "\"id\":" + (100 + i),
              "\"text\":\"Hi ref:b1\"");
    }
    assertThat(log.report("b1").accepted()).isEqualTo(50);
    assertThat(log.report("b1").distinct()).isEqualTo(50);
    assertThat(telegram.connections()).isEqualTo(1);
    assertThat(log.report().accounts().getFirst().account()).isEqualTo("4242");
  }

  @Test
  void takesNoNumberOfAMessageAgainAfterARestart() throws Exception {
    var message = "{\"chat_id\":100,\"text\":\"Hi ref:b1\"}";
    long before = messageId(call("sendMessage", message));
    telegram.close();
    start();
    assertThat(messageId(call("sendMessage", message))).isNotEqualTo(before);
  }

  private static long messageId(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body()).at("/result/message_id").asLong();
  }

  @Test
  void answersErrorsAsTheRealOneDoes() throws Exception {
    assertError(post("/bot1:wrong/getMe", "{}"), 401, "Unauthorized");
    assertError(post("/botnonsense/getMe", "{}"), 404, "Not Found");
    assertError(post("/bot" + TOKEN + "/frobnicate", "{}"), 404, "Not Found");
    assertError(call("sendMessage", "{\"text\":\"Hi\"}"), 400, "Bad Request: chat_id is empty");
    assertError(
        call("sendMessage", "{\"chat_id\":\"x\",\"text\":\"Hi\"}"),
        400,
        "Bad Request: chat not found");
    assertError(
        call("sendMessage", "{\"chat_id\":1,\"text\":\" \"}"),
        400,
        "Bad Request: message text is empty");
    assertError(
        call("sendMessage", "{\"chat_id\":1,\"text\":\"" + "x".repeat(4_097) + "\"}"),
        400,
        "Bad Request: message is too long");
    assertError(
        call("sendPhoto", "{\"chat_id\":1}"), 400, "Bad Request: there is no photo in the request");
    assertError(call("sendMessage", "{nonsense"), 400, "Bad Request: can't parse parameters");
    faults.plan(FaultPlan.NONE.refusing(1, 0));
    assertError(hello(1), 403, "Forbidden: bot was blocked by the user");
    faults.plan(FaultPlan.NONE.refusing(0, 1));
    assertError(hello(1), 400, "Bad Request: chat not found");
    faults.plan(FaultPlan.NONE.failing(1));
    assertError(hello(1), 502, "Bad Gateway");
    faults.plan(FaultPlan.NONE.refusingCredentials(true));
    assertError(hello(1), 401, "Unauthorized");
    assertThat(log.report().accepted()).isZero();
  }

  @Test
  void saysWhenToTryAgain() throws Exception {
    faults.plan(FaultPlan.NONE.deferring(1, 1, 7));
    var answer = hello(1);
    assertError(answer, 429, "Too Many Requests: retry after 7");
    assertThat(answer.body()).contains("\"parameters\":{\"retry_after\":7}");
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(hello(1).statusCode()).isEqualTo(200);
    faults.plan(FaultPlan.NONE.limitedTo(2));
    hello(2);
    hello(3);
    assertThat(hello(4).statusCode()).isEqualTo(429);
  }

  @Test
  void dropsAnswersAndStalls() throws Exception {
    faults.plan(FaultPlan.NONE.dropping(0, 1));
    assertThatThrownBy(() -> hello(1)).isInstanceOf(IOException.class);
    assertThat(log.report("b1").accepted()).isPositive();
    long taken = log.report("b1").accepted();
    faults.plan(FaultPlan.NONE.dropping(1, 0));
    assertThatThrownBy(() -> hello(2)).isInstanceOf(IOException.class);
    assertThat(log.report("b1").accepted()).isEqualTo(taken);
    faults.plan(FaultPlan.NONE.stalling(1, 300));
    long start = System.nanoTime();
    hello(3);
    assertThat(System.nanoTime() - start).isGreaterThan(290_000_000L);
  }

  @Test
  void befallsTheAddressesThatThePlanNames() throws Exception {
    var plan = FaultPlan.NONE.refusing(0.5, 0).seeded(3);
    faults.plan(plan);
    for (int chat = 1; chat <= 100; chat++) {
      assertThat(hello(chat).statusCode())
          .isEqualTo(plan.fate("" + chat) == Fate.REFUSED ? 403 : 200);
    }
  }

  @Test
  void readsFormAndMultipartAndQuery() throws Exception {
    assertThat(
            send(
                    "/bot" + TOKEN + "/sendMessage",
                    "application/x-www-form-urlencoded",
                    "chat_id=1&text=Hi+ref%3Ab1")
                .statusCode())
        .isEqualTo(200);
    var multipart =
        "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\nContent-Length: 1\r\n\r\n2\r\n--x\r\nContent-Disposition: form-data; name=\"caption\"\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary\r\n\r\nGrüße ref:b1\r\n--x\r\nContent-Disposition: form-data; name=\"photo\";"
            + " filename=\"p.png\"\r\nContent-Type: application/octet-stream\r\n\r\nPNG\r\n--x--\r\n";
    assertThat(
            send("/bot" + TOKEN + "/sendPhoto", "multipart/form-data; boundary=x", multipart)
                .statusCode())
        .isEqualTo(200);
    assertThat(post("/bot" + TOKEN + "/sendMessage?chat_id=3&text=ref:b1", "").statusCode())
        .isEqualTo(200);
    assertThat(log.recipients(Channel.TELEGRAM, "b1", 1))
        .extracting("address")
        .containsExactlyInAnyOrder("1", "2", "3");
    var photo = log.newest(message -> message.address().equals("2"), Long.MAX_VALUE, 1).getFirst();
    assertThat(new String(photo.content(), StandardCharsets.UTF_8)).contains("Grüße", "file:p.png");
  }

  @Test
  void keepsAnUploadedFileAndTakesItsIdFromThenOn() throws Exception {
    var multipart =
        "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n2\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\n"
            + "attach://d.pdf\r\n--x\r\nContent-Disposition: form-data; name=\"d.pdf\";"
            + " filename=\"d.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            + "%PDF\r\n--x--\r\n";
    var taken =
        send("/bot" + TOKEN + "/sendDocument", "multipart/form-data; boundary=x", multipart);
    var id = JsonMapper.shared().readTree(taken.body()).at("/result/document/file_id").asString();
    assertThat(log.files().find(id).orElseThrow().bytes())
        .isEqualTo("%PDF".getBytes(StandardCharsets.US_ASCII));
    var again = call("sendDocument", "{\"chat_id\":3,\"document\":\"" + id + "\"}");
    assertThat(JsonMapper.shared().readTree(again.body()).at("/result/document/file_id").asString())
        .isEqualTo(id);
    assertThat(
            call("sendDocument", "{\"chat_id\":3,\"document\":\"https://x.org/a\"}").statusCode())
        .isEqualTo(200);
    assertThat(call("sendDocument", "{\"chat_id\":3,\"document\":\"no-such-id\"}").body())
        .contains("wrong file identifier");
  }

  @Test
  void readsChunkedBodies() throws Exception {
    var body = "{\"chat_id\":9,\"text\":\"ref:b1\"}".getBytes(StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder(URI.create(telegram.baseUrl() + "/bot" + TOKEN + "/sendMessage"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void servesTheJavaLibrary() throws Exception {
    var url = TelegramUrl.builder().schema("http").host("127.0.0.1").port(telegram.port()).build();
    var client = new OkHttpTelegramClient(new OkHttpClient(), TOKEN, url);
    assertThat(client.execute(new GetMe()).getUserName()).isEqualTo("simulated_4242_bot");
    var sent =
        client.execute(
            SendMessage.builder().chatId("77").text("Hallo ref:b1").parseMode("HTML").build());
    assertThat(sent.getText()).isEqualTo("Hallo ref:b1");
    assertThat(sent.getChatId()).isEqualTo(77);
    faults.plan(FaultPlan.NONE.deferring(1, 1, 3));
    var late =
        catchThrowableOfType(
            TelegramApiRequestException.class,
            () -> client.execute(SendMessage.builder().chatId("77").text("x").build()));
    assertThat(late.getErrorCode()).isEqualTo(429);
    assertThat(late.getParameters().getRetryAfter()).isEqualTo(3);
    faults.plan(FaultPlan.NONE.refusing(1, 0));
    var blocked =
        catchThrowableOfType(
            TelegramApiRequestException.class,
            () -> client.execute(SendMessage.builder().chatId("77").text("x").build()));
    assertThat(blocked.getErrorCode()).isEqualTo(403);
    assertThat(blocked.getApiResponse()).isEqualTo("Forbidden: bot was blocked by the user");
  }

  private static void assertError(HttpResponse<String> answer, int status, String description) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .contains(
            "\"ok\":false", "\"error_code\":" + status, "\"description\":\"" + description + "\"");
  }

  private HttpResponse<String> hello(int chat) throws Exception {
    return call("sendMessage", "{\"chat_id\":" + chat + ",\"text\":\"Hi ref:b1\"}");
  }

  private HttpResponse<String> call(String method, String json) throws Exception {
    return post("/bot" + TOKEN + "/" + method, json);
  }

  private HttpResponse<String> post(String path, String json) throws Exception {
    return send(path, "application/json", json);
  }

  private HttpResponse<String> send(String path, String type, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(telegram.baseUrl() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
