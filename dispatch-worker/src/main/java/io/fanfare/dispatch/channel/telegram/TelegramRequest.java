package io.fanfare.dispatch.channel.telegram;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.network.TargetRefused;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.send.SendMediaBotMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendPhoto;
import org.telegram.telegrambots.meta.api.methods.send.SendVideo;
import org.telegram.telegrambots.meta.api.objects.message.Message;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

/**
 * One request of a bot and what came of it. A failure before the first byte was written is surely
 * unsent, one after it is in doubt unless the API answered.
 */
final class TelegramRequest {

  /** How a request ended. */
  sealed interface End<T> {}

  /** The API did it. */
  record Taken<T>(T result) implements End<T> {}

  /** It did not, or nobody knows. */
  record NotTaken<T>(SendOutcome outcome) implements End<T> {}

  private final TelegramClients clients;
  private final TelegramBot bot;

  TelegramRequest(TelegramClients clients, TelegramBot bot) {
    this.clients = clients;
    this.bot = bot;
  }

  /**
   * Makes the request and waits for its end.
   *
   * @param mayWrite asked once a connection stands, right before the write
   */
  <T extends Serializable> End<T> execute(BotApiMethod<T> method, BooleanSupplier mayWrite) {
    return execute(client -> client.executeAsync(method), mayWrite);
  }

  /** The same with a file, or the id of one. */
  End<Message> executeMedia(SendMediaBotMethod<Message> method, BooleanSupplier mayWrite) {
    return execute(
        client ->
            switch (method) {
              case SendPhoto photo -> client.executeAsync(photo);
              case SendVideo video -> client.executeAsync(video);
              case SendDocument document -> client.executeAsync(document);
              default -> throw new IllegalArgumentException(method.getMethod());
            },
        mayWrite);
  }

  private interface Ask<T> {
    CompletableFuture<T> of(OkHttpTelegramClient client) throws TelegramApiException;
  }

  private <T extends Serializable> End<T> execute(Ask<T> ask, BooleanSupplier mayWrite) {
    TelegramCall call = new TelegramCall(mayWrite);
    CompletableFuture<T> answer = CompletableFuture.failedFuture(new IllegalStateException());
    try {
      answer = ask.of(clients.watched(bot, call));
      return new Taken<>(answer.get());
    } catch (ExecutionException failed) {
      return new NotTaken<>(outcome(failed.getCause(), call));
    } catch (TelegramApiException | IOException failed) {
      return new NotTaken<>(outcome(failed, call));
    } catch (InterruptedException stopped) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new NotTaken<>(outcome(stopped, call));
    }
  }

  private SendOutcome outcome(@Nullable Throwable failure, TelegramCall call) {
    if (failure instanceof TelegramCall.Stopped) {
      return new SendOutcome.Stopped();
    }
    if (call.httpStatus() != 0) {
      return TelegramAnswerPolicy.refused(answer(failure, call.httpStatus()));
    }
    if (failure instanceof TargetRefused) {
      return new SendOutcome.AccountRefused(cause("address_not_allowed", failure));
    }
    return call.writtenOrForbid()
        ? new SendOutcome.Unknown(
            cause(isTimeout(failure) ? "answer_timeout" : "answer_lost", failure))
        : new SendOutcome.NotSent(cause(unsent(failure), failure));
  }

  private TelegramAnswer answer(@Nullable Throwable failure, int httpStatus) {
    if (failure instanceof TelegramApiRequestException refused && refused.getErrorCode() != null) {
      String description = refused.getApiResponse();
      Integer retryAfter =
          refused.getParameters() == null ? null : refused.getParameters().getRetryAfter();
      return new TelegramAnswer(
          httpStatus,
          refused.getErrorCode(),
          description == null ? "" : bot.withoutToken(description),
          retryAfter);
    }
    return new TelegramAnswer(httpStatus, 0, "the answer could not be read", null);
  }

  private static String unsent(@Nullable Throwable failure) {
    return switch (failure) {
      case UnknownHostException unknown -> "host_unknown";
      case ConnectException refused -> "connection_refused";
      case SSLException broken -> "tls_failed";
      case Throwable late when isTimeout(late) -> "connect_timeout";
      case null, default -> "connection_lost";
    };
  }

  private static boolean isTimeout(@Nullable Throwable failure) {
    return failure instanceof SocketTimeoutException || failure instanceof InterruptedIOException;
  }

  private Cause cause(String code, @Nullable Throwable failure) {
    String message = failure == null ? null : failure.getMessage();
    return new Cause(code, message == null ? "no answer" : bot.withoutToken(message), null);
  }
}
