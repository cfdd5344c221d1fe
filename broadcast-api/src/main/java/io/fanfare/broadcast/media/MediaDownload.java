package io.fanfare.broadcast.media;

import io.fanfare.support.TargetPolicy;
import io.fanfare.support.problem.ProblemException;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Fetches a file from a URL that a tenant named. Reaches no address that is not public unless the
 * operator allows it: a host is resolved once, and its checked addresses are those connected to.
 * Follows no redirect, reads no more than a file may hold, and waits for no slow host.
 */
@Component
class MediaDownload {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WHOLE = Duration.ofSeconds(15);
  private static final String BUSY = "too many files are being fetched; try again";

  /** A host leads where no tenant may. */
  private static final class NotAllowed extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    NotAllowed(String host) {
      super(host);
    }
  }

  /**
   * A file that was fetched.
   *
   * @param contentType as its host says; empty when it says nothing
   */
  record Fetched(Spooled file, String contentType) {}

  private final boolean privateAllowed;
  private final OkHttpClient client;

  // Apart, so that no curiosity keeps a broadcast from its start.
  private final Semaphore starts = new Semaphore(MediaLimits.DOWNLOADS);
  private final Semaphore checks = new Semaphore(MediaLimits.DOWNLOADS_TO_CHECK);

  /**
   * @param privateAllowed whether files may come from private networks, without encryption as well
   */
  MediaDownload(@Value("${fanfare.media.allow-private-targets}") boolean privateAllowed) {
    this.privateAllowed = privateAllowed;
    this.client =
        new OkHttpClient.Builder()
            .dns(this::resolve)
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(CONNECT)
            .callTimeout(WHOLE)
            // Kept connections are of no use here, and would bypass the check of the next answer.
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .build();
  }

  /**
   * Fetches the file; whoever asks closes it.
   *
   * @param needed a broadcast is to be started with it; else somebody only wants to know
   * @throws MediaRefused with what was found, when it cannot be had
   * @throws ProblemException 503 when it is needed and too many are being fetched
   */
  Fetched fetch(String address, boolean needed) throws MediaRefused {
    HttpUrl url = HttpUrl.parse(address);
    if (url == null) {
      throw new MediaRefused("it is no URL");
    }
    if (!url.isHttps() && !privateAllowed) {
      throw new MediaRefused("needs an encrypted connection: https");
    }
    Semaphore turns = needed ? starts : checks;
    if (!acquired(turns)) {
      if (needed) {
        throw ProblemException.unavailable("too_many_fetches", BUSY);
      }
      throw new MediaRefused(BUSY);
    }
    try {
      return get(url);
    } finally {
      turns.release();
    }
  }

  private static boolean acquired(Semaphore turns) {
    try {
      return turns.tryAcquire(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Fetched get(HttpUrl url) throws MediaRefused {
    try {
      // OkHttp asks nobody about a host that is an address, so the check is asked here.
      resolve(url.host());
      Request request =
          new Request.Builder().url(url).header("Accept-Encoding", "identity").build();
      try (Response answer = client.newCall(request).execute()) {
        if (answer.isRedirect()) {
          throw new MediaRefused(
              "it answers "
                  + answer.code()
                  + ", and redirects are not followed; give the address it leads to");
        }
        ResponseBody body = answer.body();
        if (answer.code() != 200 || body == null) {
          throw new MediaRefused("it answers " + answer.code());
        }
        if (body.contentLength() > MediaLimits.MOST_BYTES) {
          throw new Spooled.TooLarge(MediaLimits.MOST_BYTES);
        }
        String type = answer.header("Content-Type", "");
        return new Fetched(
            Spooled.of(body.byteStream(), MediaLimits.MOST_BYTES), type == null ? "" : type);
      }
    } catch (NotAllowed e) {
      throw new MediaRefused("leads to an address that is not on the public Internet");
    } catch (UnknownHostException e) {
      throw new MediaRefused("its host cannot be resolved");
    } catch (Spooled.TooLarge e) {
      throw new MediaRefused(String.valueOf(e.getMessage()));
    } catch (Spooled.BrokenOff e) {
      throw new MediaRefused(
          e.getCause() instanceof InterruptedIOException
              ? "it did not come in time"
              : "it broke off: " + reason(e));
    } catch (InterruptedIOException e) {
      throw new MediaRefused("it did not answer in time");
    } catch (IOException e) {
      throw new MediaRefused("it cannot be reached: " + reason(e));
    }
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
    if (!privateAllowed && !TargetPolicy.allows(addresses)) {
      throw new NotAllowed(host);
    }
    return addresses;
  }

  private static String reason(IOException e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  @PreDestroy
  void close() {
    client.dispatcher().executorService().shutdown();
  }
}
