package io.fanfare.broadcast.media;

import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The files a tenant uploads. */
@Service
class MediaLibrary {

  private static final String RESOURCE = "media";

  private final MediaRepository repository;
  private final AuditTrail audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  MediaLibrary(
      MediaRepository repository,
      AuditTrail audit,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.repository = repository;
    this.audit = audit;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Takes a file in.
   *
   * @throws ProblemException 413 when it is too large or the tenant has too many, 422 when its type
   *     cannot be sent or is not what it is said to be
   */
  StoredMedia upload(Identity who, String fileName, String contentType, InputStream body)
      throws IOException {
    if (!MediaLimits.isName(fileName)) {
      throw ProblemException.invalid(
          "file_name",
          "must be a name of 1 to " + MediaLimits.MOST_NAME_BYTES + " bytes without a path");
    }
    try (Spooled file = Spooled.of(body, MediaLimits.MOST_BYTES)) {
      if (file.size() == 0) {
        throw ProblemException.invalid("", "the file is empty");
      }
      MediaTypePolicy.Verdict verdict = MediaTypePolicy.judge(contentType, file.head());
      if (verdict.type() == null) {
        throw ProblemException.invalid(
            "", verdict.refusal() + "; allowed: " + String.join(", ", MediaTypePolicy.all()));
      }
      StoredMedia media =
          new StoredMedia(
              Ids.next(),
              who.tenant(),
              fileName.strip(),
              verdict.type(),
              file.size(),
              file.sha256(),
              now(),
              who.actor(),
              ImageShape.of(verdict.type(), file.head()).orElse(null));
      transaction.executeWithoutResult(status -> keep(who, media, file));
      return media;
    } catch (Spooled.BrokenOff e) {
      throw ProblemException.badRequest("malformed_body", "the body broke off");
    } catch (Spooled.TooLarge e) {
      throw ProblemException.tooLarge(
          "body_too_large", "a file may hold " + MediaLimits.MOST_BYTES + " bytes");
    }
  }

  private void keep(Identity who, StoredMedia media, Spooled file) {
    if (repository.uploadedBytes(who.tenant()) + media.size() > MediaLimits.MOST_BYTES_OF_TENANT) {
      throw ProblemException.tooLarge(
          "media_full",
          "all files of a tenant may hold "
              + MediaLimits.MOST_BYTES_OF_TENANT
              + " bytes; delete some first");
    }
    try (InputStream bytes = file.open()) {
      repository.insert(media, null, bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    audit.record(who, "create", RESOURCE, media.id().toString(), null, summary(media));
  }

  StoredMedia get(UUID tenantId, UUID id) {
    return repository.upload(tenantId, id).orElseThrow(() -> notFound(id));
  }

  /** Any file, as a worker may ask for it. */
  StoredMedia getAny(UUID tenantId, UUID id) {
    return repository.any(tenantId, id).orElseThrow(() -> notFound(id));
  }

  Page<StoredMedia> page(UUID tenantId, PageRequest request) {
    UUID after = request.after() == null ? null : cursor(request.after());
    return Page.of(
        repository.page(tenantId, after, request.limitPlusOne()),
        request.limit(),
        media -> Cursors.encode(media.id()));
  }

  @Transactional
  void delete(Identity who, UUID id) {
    StoredMedia media = get(who.tenant(), id);
    repository.markDeleted(id, now());
    audit.record(who, "delete", RESOURCE, id.toString(), summary(media), null);
  }

  /** A file's bytes. */
  Resource bytes(StoredMedia media) {
    return new MediaBytes(repository, media);
  }

  private static Map<String, Object> summary(StoredMedia media) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("file_name", media.fileName());
    summary.put("content_type", media.contentType());
    summary.put("size", media.size());
    return summary;
  }

  private static UUID cursor(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  private static ProblemException notFound(UUID id) {
    return ProblemException.notFound(RESOURCE, id);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
