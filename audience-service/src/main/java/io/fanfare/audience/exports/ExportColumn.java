package io.fanfare.audience.exports;

import io.fanfare.audience.contact.Contact;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column of an export.
 *
 * @param name as in the header, and as an import understands it
 * @param custom the custom field it is; null for a field of every contact
 */
record ExportColumn(
    String name, @Nullable String custom, Function<Contact, @Nullable Object> value) {

  private static final Pattern CUSTOM = Pattern.compile("custom\\.([A-Za-z_][A-Za-z0-9_]{0,63})");
  private static final int MOST_COLUMNS = 200;
  private static final Map<String, Function<Contact, @Nullable Object>> FIELDS =
      new LinkedHashMap<>();

  static {
    FIELDS.put("external_id", Contact::externalId);
    FIELDS.put("name", Contact::name);
    FIELDS.put("email", Contact::email);
    FIELDS.put("phone", Contact::phone);
    FIELDS.put("telegram_chat_id", Contact::telegramChatId);
    FIELDS.put("language", Contact::language);
    FIELDS.put("time_zone", Contact::timeZone);
    FIELDS.put("country", Contact::country);
    FIELDS.put("city", Contact::city);
    FIELDS.put("roles", Contact::roles);
    FIELDS.put("tags", Contact::tags);
    FIELDS.put("custom", Contact::custom);
  }

  private static final Map<String, Function<Contact, @Nullable Object>> FURTHER =
      Map.of(
          "id", Contact::id,
          "version", Contact::version,
          "created_at", Contact::createdAt,
          "updated_at", Contact::updatedAt);

  /** Those of an export that names none: what an import takes. */
  static List<ExportColumn> usual() {
    return FIELDS.entrySet().stream()
        .map(field -> new ExportColumn(field.getKey(), null, field.getValue()))
        .toList();
  }

  /**
   * Those named, divided by commas.
   *
   * @param problems takes what is wrong
   */
  static List<ExportColumn> of(String names, List<FieldProblem> problems) {
    List<ExportColumn> columns = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      var custom = CUSTOM.matcher(name);
      var field = FIELDS.containsKey(name) ? FIELDS.get(name) : FURTHER.get(name);
      if (field != null) {
        columns.add(new ExportColumn(name, null, field));
      } else if (custom.matches()) {
        String key = custom.group(1);
        columns.add(new ExportColumn(name, key, contact -> contact.custom().get(key)));
      } else {
        problems.add(new FieldProblem("fields", "names something that is no field of a contact"));
      }
    }
    if (columns.size() > MOST_COLUMNS
        || columns.stream().map(ExportColumn::name).distinct().count() < columns.size()) {
      problems.add(new FieldProblem("fields", "names at most 200 fields, each once"));
    }
    return columns;
  }
}
