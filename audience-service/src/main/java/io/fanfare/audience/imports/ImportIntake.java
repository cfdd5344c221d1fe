package io.fanfare.audience.imports;

import io.fanfare.audience.list.ListFilling;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes files in. A file is kept piece by piece as it comes, so that memory holds one piece of it,
 * and any instance can go on with it. What is wrong with its header is answered at once.
 */
@Service
class ImportIntake {

  static final String RESOURCE = "contact_import";
  static final int MOST_OPEN = 10;

  private static final Logger log = LoggerFactory.getLogger(ImportIntake.class);
  private static final int MOST_UPLOADS = 8;

  private final ImportRepository imports;
  private final ListFilling lists;
  private final AuditTrail audit;
  private final TransactionTemplate transactions;
  private final ImportProperties properties;
  private final Semaphore uploads = new Semaphore(MOST_UPLOADS);

  ImportIntake(
      ImportRepository imports,
      ListFilling lists,
      AuditTrail audit,
      TransactionTemplate transactions,
      ImportProperties properties) {
    this.imports = imports;
    this.lists = lists;
    this.audit = audit;
    this.transactions = transactions;
    this.properties = properties;
  }

  /**
   * Takes a file in; it is worked on from now on.
   *
   * @throws ProblemException 404, 409 {@code too_many_imports}, 413, 415, 422 or 503; nothing is
   *     kept then
   */
  ContactImport receive(Identity who, ImportRequest request, InputStream body) {
    if (request.listId() != null && !lists.exists(who.tenant(), request.listId())) {
      throw ProblemException.notFound("list", request.listId());
    }
    if (imports.openImports(who.tenant()) >= MOST_OPEN) {
      throw ProblemException.conflict(
          "too_many_imports", MOST_OPEN + " imports have not ended yet; wait for one of them");
    }
    if (!uploads.tryAcquire()) {
      throw ProblemException.unavailable(
          "too_many_uploads", "too many files are coming in right now; try again later");
    }
    UUID id = Ids.next();
    boolean kept = false;
    try {
      keep(who, id, request, body);
      kept = true;
      return imports.find(who.tenant(), id).orElseThrow();
    } catch (IOException e) {
      log.info("an upload of {} broke off: {}", who.tenant(), e.getMessage());
      throw ProblemException.badRequest("upload_broken_off", "the file did not come whole");
    } finally {
      uploads.release();
      if (!kept) {
        imports.discard(id);
      }
    }
  }

  private void keep(Identity who, UUID id, ImportRequest request, InputStream body)
      throws IOException {
    InputStream file = Utf8Input.open(body, request.charset());
    byte[] piece = file.readNBytes(RowReader.PIECE_BYTES);
    if (piece.length == 0) {
      throw ProblemException.invalid("body", "is empty");
    }
    ImportOptions options = request.options(firstLine(piece));
    check(options, piece);
    imports.insert(id, who.tenant(), who.actor(), options);
    long bytes = 0;
    for (int number = 0; piece.length > 0; number++) {
      bytes += piece.length;
      if (bytes > properties.maxBytes()) {
        throw ProblemException.tooLarge(
            "file_too_large", "a file may have %,d bytes".formatted(properties.maxBytes()));
      }
      if (!imports.addPiece(id, number, piece)) {
        throw ProblemException.conflict("import_ended", "the import was cancelled");
      }
      piece = file.readNBytes(RowReader.PIECE_BYTES);
    }
    transactions.executeWithoutResult(status -> queue(who, id, options));
  }

  /** Writes no further row of an import; false when it is over. */
  boolean cancel(Identity who, UUID id) {
    return Boolean.TRUE.equals(
        transactions.execute(status -> {
          boolean cancelled = imports.end(who.tenant(), id, "cancelled", null);
          if (cancelled) {
            audit.record(who, "cancel", RESOURCE, id.toString(), null, Map.of());
          }
          return cancelled;
        }));
  }

  private void queue(Identity who, UUID id, ImportOptions options) {
    if (!imports.queue(id)) {
      throw ProblemException.conflict("import_ended", "the import was cancelled");
    }
    audit.record(
        who,
        "create",
        RESOURCE,
        id.toString(),
        null,
        Map.of(
            "format", options.format(),
            "dry_run", options.dryRun(),
            "match_by", options.matchBy().field()));
  }

  private static void check(ImportOptions options, byte[] begin) {
    List<FieldProblem> problems = new ArrayList<>();
    RowReader.open(
        options, offset -> offset < RowReader.PIECE_BYTES ? begin : new byte[0], 0, 1, problems);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  private static String firstLine(byte[] begin) {
    int end = 0;
    while (end < begin.length && begin[end] != '\n' && begin[end] != '\r') {
      end++;
    }
    return new String(begin, 0, end, StandardCharsets.UTF_8);
  }
}
