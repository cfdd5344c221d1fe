package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactMerge;
import io.fanfare.audience.contact.ContactMerge.Outcome;
import io.fanfare.audience.contact.ContactMerge.RowProblem;
import io.fanfare.audience.imports.Batch.RowError;
import io.fanfare.audience.imports.ContactImport.Failure;
import io.fanfare.audience.list.ListFilling;
import io.fanfare.support.audit.AuditTrail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one batch of an import: contacts, members of its list, errors, counts and the place in the
 * file are one transaction, so that a kill loses nothing that was counted and doubles nothing.
 */
@Component
class ImportStep {

  private static final int BATCH = 1_000;

  private final ImportRepository imports;
  private final ContactMerge contacts;
  private final ListFilling lists;
  private final AuditTrail audit;
  private final ImportProperties properties;

  ImportStep(
      ImportRepository imports,
      ContactMerge contacts,
      ListFilling lists,
      AuditTrail audit,
      ImportProperties properties) {
    this.imports = imports;
    this.contacts = contacts;
    this.lists = lists;
    this.audit = audit;
    this.properties = properties;
  }

  /**
   * Does the next batch of the import whose turn it is.
   *
   * @param preferred an import to go on with; null for the one that waits longest
   * @param session what this instance remembers of the one before; null for nothing
   * @param failed the batch before, when it failed; null when it did not
   * @return the session to go on with; null when there was nothing to do
   * @throws BatchFailed when the batch cannot be written
   */
  @Transactional
  public @Nullable ImportSession run(
      @Nullable UUID preferred, @Nullable ImportSession session, @Nullable BatchFailed failed) {
    StoredImport one = imports.lockNext(preferred).orElse(null);
    if (one == null) {
      return null;
    }
    int limit = failed != null && failed.isOf(one) ? failed.nextLimit() : BATCH;
    try {
      return next(one, session, limit);
    } catch (TransientDataAccessException | DataAccessResourceFailureException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BatchFailed(one.id(), one.rowsRead(), limit, e);
    }
  }

  private ImportSession next(StoredImport one, @Nullable ImportSession session, int limit) {
    ImportSession current =
        session != null && session.fits(one) ? session : ImportSession.open(one, imports);
    if (current.fault != null) {
      end(one, "failed", new Failure("unreadable_header", current.fault));
      return current;
    }
    List<ImportRow> rows = current.read(Math.max(1, limit));
    if (rows.isEmpty()) {
      end(one, "completed", null);
      return current;
    }
    Batch batch = limit == 0 ? refused(one, rows) : written(one, current, rows);
    UUID list = one.options().listId();
    if (list != null && !one.options().dryRun() && !filled(one, list, batch)) {
      String detail = "the list is gone; %,d rows were written before".formatted(one.rowsRead());
      end(one, "failed", new Failure("list_not_found", detail));
      return current;
    }
    int room = (int) Math.max(0, properties.maxErrors() - one.errorsKept());
    List<RowError> kept = batch.errors.subList(0, Math.min(room, batch.errors.size()));
    imports.addErrors(one, kept);
    imports.advance(one, batch, current.reader.position(), current.reader.line(), kept.size());
    return current;
  }

  private boolean filled(StoredImport one, UUID list, Batch batch) {
    long[] ids = batch.contactIds.stream().mapToLong(Long::longValue).distinct().toArray();
    return lists.add(one.who(), list, ids);
  }

  private Batch written(StoredImport one, ImportSession session, List<ImportRow> rows) {
    ImportOptions options = one.options();
    List<ObjectNode> patches = new ArrayList<>(rows.size());
    for (ImportRow row : rows) {
      if (row.patch() != null) {
        patches.add(row.patch());
      }
    }
    List<Outcome> outcomes =
        patches.isEmpty()
            ? List.of()
            : contacts.write(one.tenantId(), options.matchBy(), patches, options.dryRun());
    Batch batch = new Batch();
    int next = 0;
    for (ImportRow row : rows) {
      long number = one.rowsRead() + ++batch.read;
      if (row.patch() == null) {
        fail(batch, number, row, row.problems(), session.reader);
      } else {
        count(batch, number, row, outcomes.get(next++), options, session);
      }
    }
    return batch;
  }

  private static void count(
      Batch batch,
      long number,
      ImportRow row,
      Outcome outcome,
      ImportOptions options,
      ImportSession session) {
    if (outcome instanceof Outcome.Failed failed) {
      fail(batch, number, row, failed.problems(), session.reader);
      return;
    }
    String key = row.patch() == null ? null : options.matchBy().key(row.patch());
    long hash = KeySet.hash(String.valueOf(key));
    boolean first = session.keys.add(hash);
    if (first) {
      batch.newKeys.add(hash);
    } else {
      batch.duplicates++;
    }
    switch (outcome) {
      case Outcome.Created created -> {
        // A dry run has not made the contact an earlier batch would have made.
        if (first) {
          batch.created++;
        } else {
          batch.updated++;
        }
        batch.contactIds.add(created.id());
      }
      case Outcome.Updated updated -> {
        batch.updated++;
        batch.contactIds.add(updated.id());
      }
      case Outcome.Unchanged unchanged -> {
        batch.unchanged++;
        batch.contactIds.add(unchanged.id());
      }
      case Outcome.Failed failed -> throw new IllegalStateException("counted already");
    }
  }

  private static void fail(
      Batch batch, long number, ImportRow row, List<RowProblem> problems, RowReader reader) {
    batch.failed++;
    for (RowProblem problem : problems) {
      String column = reader.columnOf(problem.field());
      batch.errors.add(
          new RowError(
              number,
              row.line(),
              column.isEmpty() ? null : column,
              problem.code(),
              problem.detail(),
              row.original()));
    }
  }

  private static Batch refused(StoredImport one, List<ImportRow> rows) {
    Batch batch = new Batch();
    for (ImportRow row : rows) {
      batch.read++;
      batch.failed++;
      batch.errors.add(
          new RowError(
              one.rowsRead() + batch.read,
              row.line(),
              null,
              "not_storable",
              "the row holds something that cannot be kept",
              row.original()));
    }
    return batch;
  }

  private void end(StoredImport one, String state, @Nullable Failure failure) {
    imports.end(one.tenantId(), one.id(), state, failure);
    ContactImport ended = imports.find(one.tenantId(), one.id()).orElseThrow();
    audit.record(
        one.who(),
        state.equals("completed") ? "complete" : "fail",
        ImportIntake.RESOURCE,
        one.id().toString(),
        null,
        Map.of(
            "created", ended.rows().created(),
            "updated", ended.rows().updated(),
            "unchanged", ended.rows().unchanged(),
            "failed", ended.rows().failed()));
  }
}
