package io.fanfare.audience.contact;

import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes many contacts with a handful of statements. Each row is a merge patch (RFC 7396) of the
 * contact it names, custom fields one by one; a contact nobody has yet is made. Rows are taken in
 * order, so that a later row of the same contact sees what an earlier one wrote, and are checked by
 * the same rules as single contacts.
 */
@Component
public class ContactMerge {

  /** What tells which contact a row is about. */
  public enum MatchBy {
    EXTERNAL_ID("external_id"),
    EMAIL("email");

    private final String field;

    MatchBy(String field) {
      this.field = field;
    }

    /** The field, as it is called in the API. */
    public String field() {
      return field;
    }

    /** The one whose field has this name; null when there is none. */
    public static @Nullable MatchBy of(String field) {
      for (MatchBy matchBy : values()) {
        if (matchBy.field.equals(field)) {
          return matchBy;
        }
      }
      return null;
    }

    /** What of a row names its contact, in the form in which two are the same; null for none. */
    public @Nullable String key(ObjectNode patch) {
      JsonNode value = patch.get(field);
      if (value == null || !value.isString() || value.stringValue().isBlank()) {
        return null;
      }
      return normal(value.stringValue());
    }

    private String normal(String value) {
      return this == EMAIL ? value.toLowerCase(Locale.ROOT) : value;
    }

    private @Nullable String key(Contact contact) {
      String value = this == EMAIL ? contact.email() : contact.externalId();
      return value == null ? null : normal(value);
    }
  }

  /** What became of a row. */
  public sealed interface Outcome {

    /** The contact is new; 0 for its id when nothing was to be written. */
    record Created(long id) implements Outcome {}

    /** The contact was there and is changed. */
    record Updated(long id) implements Outcome {}

    /** The contact was there as given. */
    record Unchanged(long id) implements Outcome {}

    /** The row is wrong: nothing of it was kept. */
    record Failed(List<RowProblem> problems) implements Outcome {}
  }

  /**
   * One thing wrong with a row.
   *
   * @param field a JSON pointer into the contact, such as {@code /email}
   * @param code stable, for machines
   */
  public record RowProblem(String field, String code, String detail) {}

  private static final int MOST_KEY_CHARACTERS = 254;

  private final ContactRepository contacts;
  private final List<ContactWatcher> watchers;

  ContactMerge(ContactRepository contacts, List<ContactWatcher> watchers) {
    this.contacts = contacts;
    this.watchers = watchers;
  }

  /**
   * Writes rows.
   *
   * @param dryRun finds out what would become of them and writes nothing
   * @return what became of each, in order
   * @throws org.springframework.dao.ConcurrencyFailureException when another request made one of
   *     these contacts just now: nothing was written, and the next try finds it
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Outcome> write(
      UUID tenantId, MatchBy matchBy, List<ObjectNode> patches, boolean dryRun) {
    Batch batch = new Batch(matchBy, existing(tenantId, matchBy, patches));
    if (matchBy == MatchBy.EMAIL) {
      batch.owners(contacts.lockByExternalIds(tenantId, externalIds(patches)));
    }
    List<Row> rows = patches.stream().map(batch::take).toList();
    if (!dryRun) {
      long[] written = batch.write(contacts, tenantId);
      watchers.forEach(watcher -> watcher.written(tenantId, written));
    }
    return rows.stream().map(Row::outcome).toList();
  }

  private List<Contact> existing(UUID tenantId, MatchBy matchBy, List<ObjectNode> patches) {
    Set<String> keys = new HashSet<>();
    for (ObjectNode patch : patches) {
      String key = matchBy.key(patch);
      if (isPossible(key)) {
        keys.add(String.valueOf(key));
      }
    }
    if (matchBy == MatchBy.EXTERNAL_ID) {
      return contacts.lockByExternalIds(tenantId, keys);
    }
    // Nothing in the database keeps an address from being two contacts'.
    contacts.lockAddresses(tenantId);
    return contacts.lockByEmails(tenantId, keys);
  }

  private static Set<String> externalIds(List<ObjectNode> patches) {
    Set<String> ids = new HashSet<>();
    for (ObjectNode patch : patches) {
      String id = MatchBy.EXTERNAL_ID.key(patch);
      if (isPossible(id)) {
        ids.add(String.valueOf(id));
      }
    }
    return ids;
  }

  private static boolean isPossible(@Nullable String key) {
    return key != null && key.length() <= MOST_KEY_CHARACTERS && key.indexOf('\0') < 0;
  }

  /** A contact while rows of one batch change it. */
  private static final class Draft {

    final @Nullable Contact stored;
    @Nullable ContactFields fields;
    long id;
    boolean changed;

    Draft(@Nullable Contact stored) {
      this.stored = stored;
      if (stored != null) {
        this.fields = stored.fields();
        this.id = stored.id();
      }
    }
  }

  private enum Kind {
    CREATED,
    UPDATED,
    UNCHANGED,
    FAILED
  }

  private record Row(Kind kind, @Nullable Draft draft, List<RowProblem> problems) {

    static Row failed(String field, String code, String detail) {
      return new Row(Kind.FAILED, null, List.of(new RowProblem("/" + field, code, detail)));
    }

    Outcome outcome() {
      long id = draft == null ? 0 : draft.id;
      return switch (kind) {
        case CREATED -> new Outcome.Created(id);
        case UPDATED -> new Outcome.Updated(id);
        case UNCHANGED -> new Outcome.Unchanged(id);
        case FAILED -> new Outcome.Failed(problems);
      };
    }
  }

  private static final class Batch {

    private final MatchBy matchBy;
    // In the order of the file, which is that of the ids.
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final Map<String, Draft> byExternalId = new HashMap<>();
    private final Map<Long, Draft> byId = new HashMap<>();

    Batch(MatchBy matchBy, List<Contact> existing) {
      this.matchBy = matchBy;
      for (Contact contact : existing) {
        String key = matchBy.key(contact);
        // By an address that was changed just before it was locked it is not found.
        if (key != null) {
          Draft draft = byId.computeIfAbsent(contact.id(), id -> new Draft(contact));
          if (drafts.put(key, draft) != null) {
            ambiguous.add(key);
          }
        }
      }
    }

    /** Whose the external ids are that rows by address would give away. */
    void owners(List<Contact> contacts) {
      for (Contact contact : contacts) {
        Draft draft = byId.computeIfAbsent(contact.id(), id -> new Draft(contact));
        byExternalId.put(String.valueOf(contact.externalId()), draft);
      }
    }

    Row take(ObjectNode patch) {
      String key = matchBy.key(patch);
      if (key == null && patch.get(matchBy.field()) == null) {
        return Row.failed(matchBy.field(), "missing", "is missing, and tells whose row this is");
      }
      if (key != null && ambiguous.contains(key)) {
        return Row.failed(matchBy.field(), "ambiguous", "several contacts have this address");
      }
      Draft draft = key == null ? null : drafts.get(key);
      ContactFields before = draft == null ? null : draft.fields;
      List<FieldProblem> problems = new ArrayList<>();
      ContactFields after = ContactReader.read(merged(before, patch), "", problems);
      if (problems.isEmpty() && key == null) {
        return Row.failed(matchBy.field(), "missing", "is empty, and tells whose row this is");
      }
      if (!problems.isEmpty() || key == null) {
        return new Row(
            Kind.FAILED,
            null,
            problems.stream()
                .map(p -> new RowProblem(p.pointer(), "invalid_value", p.detail()))
                .toList());
      }
      if (matchBy == MatchBy.EMAIL && isTaken(after.externalId(), draft)) {
        return Row.failed("external_id", "external_id_taken", "another contact has this id");
      }
      if (before != null && after.equals(before)) {
        return new Row(Kind.UNCHANGED, draft, List.of());
      }
      Draft changed = draft == null ? new Draft(null) : draft;
      changed.fields = after;
      changed.changed = true;
      drafts.put(key, changed);
      if (after.externalId() != null) {
        byExternalId.put(after.externalId(), changed);
      }
      return new Row(draft == null ? Kind.CREATED : Kind.UPDATED, changed, List.of());
    }

    private boolean isTaken(@Nullable String externalId, @Nullable Draft draft) {
      Draft owner = externalId == null ? null : byExternalId.get(externalId);
      return owner != null && owner != draft;
    }

    /** Answers the ids of those written. */
    long[] write(ContactRepository contacts, UUID tenantId) {
      List<Draft> created = new ArrayList<>();
      List<Draft> updated = new ArrayList<>();
      for (Draft draft : drafts.values()) {
        if (draft.changed && draft.stored == null) {
          created.add(draft);
        } else if (draft.changed) {
          updated.add(draft);
        }
      }
      if (!created.isEmpty()) {
        long[] ids = contacts.nextIds(created.size());
        for (int i = 0; i < ids.length; i++) {
          created.get(i).id = ids[i];
        }
        contacts.insertAll(tenantId, ids, fields(created));
      }
      if (!updated.isEmpty()) {
        long[] ids = updated.stream().mapToLong(draft -> draft.id).toArray();
        contacts.updateAll(tenantId, ids, fields(updated));
      }
      return Stream.concat(created.stream(), updated.stream())
          .mapToLong(draft -> draft.id)
          .toArray();
    }

    private static List<ContactFields> fields(List<Draft> drafts) {
      return drafts.stream().map(draft -> Objects.requireNonNull(draft.fields)).toList();
    }

    private static ObjectNode merged(@Nullable ContactFields before, ObjectNode patch) {
      ObjectNode merged = before == null ? ContactJson.empty() : ContactJson.tree(before);
      for (Map.Entry<String, JsonNode> field : patch.properties()) {
        if (field.getKey().equals("custom") && field.getValue().isObject()) {
          ObjectNode custom =
              merged.get("custom") instanceof ObjectNode known ? known : ContactJson.empty();
          for (Map.Entry<String, JsonNode> entry : field.getValue().properties()) {
            if (entry.getValue().isNull()) {
              custom.remove(entry.getKey());
            } else {
              custom.set(entry.getKey(), entry.getValue());
            }
          }
          merged.set("custom", custom);
        } else {
          merged.set(field.getKey(), field.getValue());
        }
      }
      return merged;
    }
  }
}
