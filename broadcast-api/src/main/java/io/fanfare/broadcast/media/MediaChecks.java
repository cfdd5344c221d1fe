package io.fanfare.broadcast.media;

import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.support.Ids;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Looks at the files templates name before they are sent, and copies those at URLs: what is sent is
 * what was looked at. Fetches, so never to be called inside a transaction.
 */
@Service
public class MediaChecks {

  /** What one request may wait for all its files. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MediaRepository repository;
  private final MediaDownload download;
  private final Clock clock;

  MediaChecks(MediaRepository repository, MediaDownload download, Clock clock) {
    this.repository = repository;
    this.download = download;
    this.clock = clock;
  }

  /**
   * Checks files and keeps copies of those at URLs.
   *
   * @param known what need not be fetched any more
   * @param by who wants to send them
   * @throws ProblemException 422 with a pointer to each file that cannot be sent, and what was
   *     found; 503 when too many are being fetched
   */
  public FrozenMedia take(UUID tenantId, List<PlacedSource> sources, FrozenMedia known, String by) {
    List<FieldProblem> problems = new ArrayList<>();
    FrozenMedia taken = look(tenantId, sources, known, by, problems);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    return taken;
  }

  /** The same where a copy that is a few minutes old will do. */
  public FrozenMedia takeRecent(
      UUID tenantId, List<PlacedSource> sources, Duration age, String by) {
    Map<String, StoredMedia> recent = new HashMap<>();
    for (PlacedSource placed : sources) {
      String url = placed.source().url();
      if (url != null) {
        repository
            .copy(tenantId, url, clock.instant().minus(age))
            .ifPresent(copy -> recent.put(url, copy));
      }
    }
    return take(tenantId, sources, new FrozenMedia(Map.of(), recent), by);
  }

  /** What is wrong with files, without keeping anything. */
  public List<FieldProblem> warnings(UUID tenantId, List<PlacedSource> sources) {
    List<FieldProblem> problems = new ArrayList<>();
    look(tenantId, sources, FrozenMedia.NONE, null, problems);
    return problems;
  }

  /** What a broadcast has copied. */
  public FrozenMedia copiesOf(UUID broadcastId) {
    return new FrozenMedia(Map.of(), repository.copiesOf(broadcastId));
  }

  /** Whether every file is known, or is an upload, which needs no fetching. */
  public static boolean isKnown(FrozenMedia known, List<PlacedSource> sources) {
    return sources.stream()
        .allMatch(placed -> placed.source().url() == null || known.find(placed.source()) != null);
  }

  /** Keeps the files of contents as long as they may be sent. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void use(UUID broadcastId, List<MessageContent> contents) {
    repository.endUses(broadcastId);
    contents.stream()
        .flatMap(content -> content.files().stream())
        .map(Media::mediaId)
        .distinct()
        .forEach(id -> repository.use(broadcastId, id));
  }

  /** Nothing of a broadcast will be sent any more. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void endUses(UUID broadcastId) {
    repository.endUses(broadcastId);
  }

  private FrozenMedia look(
      UUID tenantId,
      List<PlacedSource> sources,
      FrozenMedia known,
      @Nullable String by,
      List<FieldProblem> problems) {
    Instant deadline = clock.instant().plus(PATIENCE);
    FrozenMedia found = known;
    Map<String, Integer> sizes = new HashMap<>();
    Map<String, String> refused = new HashMap<>();
    for (PlacedSource placed : sources) {
      MediaSource source = placed.source();
      try {
        StoredMedia media = found.find(source);
        if (media == null) {
          String before = source.url() == null ? null : refused.get(source.url());
          if (before != null) {
            throw new MediaRefused(before);
          }
          media = find(tenantId, source, by, deadline);
          found = found.and(of(source, media));
        }
        String refusal = refusal(source, media);
        if (refusal != null) {
          throw new MediaRefused(refusal);
        }
        int together = sizes.getOrDefault(placed.message(), 0) + media.size();
        sizes.put(placed.message(), together);
        if (together > MediaLimits.MOST_BYTES_OF_EMAIL) {
          throw new MediaRefused(
              "the files of one message have more than "
                  + MediaLimits.MOST_BYTES_OF_EMAIL
                  + " bytes together");
        }
      } catch (MediaRefused e) {
        String what = source.url() == null ? "" : source.url() + ": ";
        if (source.url() != null && found.find(source) == null) {
          refused.put(source.url(), String.valueOf(e.getMessage()));
        }
        problems.add(new FieldProblem(placed.pointer(), what + e.getMessage()));
      }
    }
    return found;
  }

  private static @Nullable String refusal(MediaSource source, StoredMedia media) {
    if (source.kind() == null) {
      return "has no kind";
    }
    String refusal = MediaTypePolicy.refusal(source.kind(), media.contentType());
    return refusal == null && source.kind() == Media.Kind.PHOTO && media.shape() != null
        ? media.shape().refusalAsPhoto()
        : refusal;
  }

  private StoredMedia find(UUID tenantId, MediaSource source, @Nullable String by, Instant deadline)
      throws MediaRefused {
    if (source.mediaId() != null) {
      return repository
          .upload(tenantId, source.mediaId())
          .orElseThrow(() -> new MediaRefused("there is no such file"));
    }
    if (source.url() == null) {
      throw new MediaRefused("has neither url nor media_id");
    }
    if (clock.instant().isAfter(deadline)) {
      throw new MediaRefused("was not looked at: the files before it took too long");
    }
    return copy(tenantId, source.url(), by);
  }

  private StoredMedia copy(UUID tenantId, String url, @Nullable String by) throws MediaRefused {
    MediaDownload.Fetched fetched = download.fetch(url, by != null);
    try (Spooled file = fetched.file()) {
      if (file.size() == 0) {
        throw new MediaRefused("it is empty");
      }
      MediaTypePolicy.Verdict verdict = MediaTypePolicy.judge(fetched.contentType(), file.head());
      if (verdict.type() == null) {
        throw new MediaRefused(String.valueOf(verdict.refusal()));
      }
      StoredMedia media =
          new StoredMedia(
              Ids.next(),
              tenantId,
              nameIn(url),
              verdict.type(),
              file.size(),
              file.sha256(),
              clock.instant().truncatedTo(ChronoUnit.MILLIS),
              by == null ? "" : by,
              ImageShape.of(verdict.type(), file.head()).orElse(null));
      if (by != null) {
        try (InputStream bytes = file.open()) {
          repository.insert(media, url, bytes);
        }
      }
      return media;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FrozenMedia of(MediaSource source, StoredMedia media) {
    return source.mediaId() != null
        ? new FrozenMedia(Map.of(source.mediaId(), media), Map.of())
        : new FrozenMedia(Map.of(), Map.of(String.valueOf(source.url()), media));
  }

  /** The last part of a URL's path, where it can be a name. */
  private static String nameIn(String url) {
    String path = url.replaceAll("[?#].*", "").replaceAll("^[a-zA-Z]+://[^/]*", "");
    return Optional.of(path.substring(path.lastIndexOf('/') + 1))
        .filter(MediaLimits::isName)
        .orElse("file");
  }
}
