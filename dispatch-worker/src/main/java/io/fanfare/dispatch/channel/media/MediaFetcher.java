package io.fanfare.dispatch.channel.media;

import io.fanfare.contract.content.Media;
import io.fanfare.dispatch.channel.ContentNotReady;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches files from broadcast-api, each once and not again while it is kept, and lets nothing
 * through whose SHA-256 is not the one that was checked. Whoever asks is not kept waiting.
 */
public final class MediaFetcher implements MediaFiles, AutoCloseable {

  /** Bytes of files kept, the last used ones; what channels made of them counts apart. */
  static final long MOST_BYTES = 64_000_000;

  static final int AT_ONE_TIME = 2;
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
  private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(20);
  private static final Logger LOG = LoggerFactory.getLogger(MediaFetcher.class);

  /**
   * How asking for a file went.
   *
   * @param until nobody asks again before; null while somebody does
   * @param refusal why there is no such file; null when that is not known
   */
  private record Asked(@Nullable Instant until, @Nullable String refusal) {}

  /** There is no such file, or not that file; the message says so for people. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  private final URI broadcastApi;
  private final IdentityTokens tokens;
  private final Clock clock;
  private final Semaphore turns = new Semaphore(AT_ONE_TIME);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final LinkedHashMap<String, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Asked> asked = new HashMap<>();
  private long keptBytes;

  public MediaFetcher(URI broadcastApi, IdentityTokens tokens, Clock clock) {
    this.broadcastApi = broadcastApi;
    this.tokens = tokens;
    this.clock = clock;
  }

  @Override
  public synchronized List<byte[]> bytesOf(UUID tenantId, List<Media> files) {
    Instant now = clock.instant();
    asked.values().removeIf(past -> past.until() != null && past.until().isBefore(now));
    List<byte[]> bytes = new ArrayList<>();
    String refusal = null;
    for (Media file : files) {
      byte[] known = kept.get(file.sha256());
      if (known != null) {
        bytes.add(known);
        continue;
      }
      Asked before = asked.get(key(tenantId, file));
      if (before == null) {
        asked.put(key(tenantId, file), new Asked(null, null));
        Thread.ofVirtual().name("fanfare-media").start(() -> fetch(tenantId, file));
      } else if (before.refusal() != null) {
        refusal = before.refusal();
      }
    }
    if (refusal != null) {
      throw new ContentRefused(refusal);
    }
    if (bytes.size() < files.size()) {
      throw new ContentNotReady("its files are on their way");
    }
    return bytes;
  }

  private static String key(UUID tenantId, Media file) {
    return tenantId + "/" + file.mediaId() + "/" + file.sha256();
  }

  private void fetch(UUID tenantId, Media file) {
    Asked end = new Asked(clock.instant().plus(PAUSE_AFTER_FAILURE), null);
    try {
      turns.acquire();
      try {
        keep(file, download(tenantId, file));
        end = new Asked(Instant.EPOCH, null);
      } finally {
        turns.release();
      }
    } catch (Refused refused) {
      end = new Asked(clock.instant().plus(PAUSE_AFTER_REFUSAL), refused.getMessage());
    } catch (IOException e) {
      LOG.warn("file {} is not fetched yet: {}", file.mediaId(), e.getMessage());
      end = new Asked(clock.instant().plus(PAUSE_AFTER_FAILURE), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        asked.put(key(tenantId, file), end);
      }
    }
  }

  private byte[] download(UUID tenantId, Media file)
      throws IOException, InterruptedException, Refused {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    broadcastApi.toString().replaceAll("/+$", "")
                        + "/internal/v1/media/"
                        + file.mediaId()
                        + "/content"))
            .timeout(ANSWER)
            .header(
                "Authorization",
                tokens.authorization(new Identity(tenantId, "system", Role.VIEWER)))
            .build();
    HttpResponse<InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == 404) {
        throw new Refused("the file " + file.fileName() + " is not there any more");
      }
      if (answer.statusCode() != 200) {
        throw new IOException("broadcast-api answered " + answer.statusCode());
      }
      byte[] bytes = body.readNBytes(file.size() + 1);
      if (bytes.length < file.size()) {
        throw new IOException("its bytes ended early");
      }
      if (bytes.length > file.size() || !sha256(bytes).equals(file.sha256())) {
        throw new Refused("the file " + file.fileName() + " is not what was checked at the start");
      }
      return bytes;
    }
  }

  private synchronized void keep(Media file, byte[] bytes) {
    byte[] before = kept.put(file.sha256(), bytes);
    keptBytes += bytes.length - (before == null ? 0 : before.length);
    while (keptBytes > MOST_BYTES && kept.size() > 1) {
      keptBytes -= kept.pollFirstEntry().getValue().length;
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
