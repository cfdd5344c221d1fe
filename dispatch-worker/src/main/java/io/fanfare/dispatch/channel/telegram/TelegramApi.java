package io.fanfare.dispatch.channel.telegram;

import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls methods of the Bot API that are about the bot and not about one message, and gives the
 * answer as it came. Blocks; interrupting the thread ends a call.
 */
public final class TelegramApi implements AutoCloseable {

  /** What came of a call; no text in it holds the bot's token. */
  public sealed interface Answer {

    /** It was done; the whole body. */
    record Done(byte[] body) implements Answer {}

    /** The answer is longer than any of the Bot API; how it begins. */
    record TooLong(byte[] beginning) implements Answer {}

    /**
     * It was refused.
     *
     * @param code as of HTTP
     * @param retryAfter how long the bot is to be left alone, if that was said
     */
    record Refused(int code, String description, @Nullable Duration retryAfter) implements Answer {}

    /** Nobody answered, or the address may not be reached. */
    record Failed(String why) implements Answer {}

    /** The account's settings make no sense. */
    record Unusable(String why) implements Answer {}
  }

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final MediaType JSON_TYPE = MediaType.get("application/json");
  private static final int PORTION = 8_192;
  private static final int DESCRIPTION_MOST = 300;
  private static final int RETRY_MOST_SECONDS = 86_400;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");

  private final TelegramClients clients;
  private final boolean answering;

  TelegramApi(TelegramSettings settings, AllowedTargets targets) {
    this.answering = settings.answers();
    this.clients = new TelegramClients(settings, targets);
  }

  /**
   * Which bot of which Bot API an account is: its host and the number its token begins with, which
   * is no secret. Nothing when the account's settings make no sense.
   */
  public static Optional<String> botOf(OpenedAccount account) {
    try {
      TelegramBot bot = TelegramBot.of(account);
      int colon = bot.token().indexOf(':');
      String number = colon < 0 ? "" : bot.token().substring(0, colon);
      return NUMBER.matcher(number).matches()
          ? Optional.of(bot.url().getHost() + ":" + bot.url().getPort() + "/" + number)
          : Optional.empty();
    } catch (TelegramBot.Invalid invalid) {
      return Optional.empty();
    }
  }

  /** Whether the bot of an account answers people, for which its lanes leave room. */
  public boolean answers(OpenedAccount account) {
    return AnswerRoom.answers(account, answering);
  }

  /**
   * Calls a method.
   *
   * @param patience how long it may take as a whole
   */
  public Answer call(
      OpenedAccount account, String method, ObjectNode parameters, Duration patience) {
    TelegramBot bot;
    try {
      bot = TelegramBot.of(account);
    } catch (TelegramBot.Invalid invalid) {
      return new Answer.Unusable(String.valueOf(invalid.getMessage()));
    }
    try (Response response =
        clients
            .patient(bot, patience)
            .newCall(
                new Request.Builder()
                    .url(url(bot, method))
                    .post(RequestBody.create(parameters.toString(), JSON_TYPE))
                    .build())
            .execute()) {
      return answer(bot, response);
    } catch (IOException e) {
      return new Answer.Failed(
          e.getClass().getSimpleName() + ": " + bot.withoutToken(String.valueOf(e.getMessage())));
    }
  }

  private static HttpUrl url(TelegramBot bot, String method) {
    return new HttpUrl.Builder()
        .scheme(bot.url().getSchema())
        .host(bot.url().getHost())
        .port(bot.url().getPort())
        .addPathSegment("bot" + bot.token())
        .addPathSegment(method)
        .build();
  }

  private static Answer answer(TelegramBot bot, Response response) throws IOException {
    Buffer read = new Buffer();
    ResponseBody body = response.body();
    try {
      BufferedSource source = body == null ? new Buffer() : body.source();
      while (source.read(read, PORTION) != -1) {
        // Until its end, or until it is too long.
      }
    } catch (BoundedAnswers.TooLong e) {
      return new Answer.TooLong(read.readByteArray());
    }
    return response.isSuccessful()
        ? new Answer.Done(read.readByteArray())
        : refused(bot, response.code(), read.readByteArray());
  }

  private static Answer refused(TelegramBot bot, int code, byte[] body) {
    JsonNode said;
    try {
      said = JSON.readTree(body);
    } catch (JacksonException e) {
      return new Answer.Refused(code, "the answer could not be read", null);
    }
    String description = bot.withoutToken(said.path("description").asString(""));
    int retryAfter = said.path("parameters").path("retry_after").asInt(0);
    return new Answer.Refused(
        code,
        description.substring(0, Math.min(DESCRIPTION_MOST, description.length())),
        retryAfter < 1 ? null : Duration.ofSeconds(Math.min(retryAfter, RETRY_MOST_SECONDS)));
  }

  @Override
  public void close() {
    clients.close();
  }
}
