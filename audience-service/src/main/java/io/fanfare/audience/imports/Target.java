package io.fanfare.audience.imports;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a column go.
 *
 * @param field a field of a contact
 * @param custom the custom field, when {@code field} is {@code custom} and the column is one of its
 *     fields
 */
record Target(String field, @Nullable String custom, ColumnType type) {

  private static final Map<String, ColumnType> FIELDS =
      Map.ofEntries(
          Map.entry("external_id", ColumnType.TEXT),
          Map.entry("name", ColumnType.TEXT),
          Map.entry("email", ColumnType.TEXT),
          Map.entry("phone", ColumnType.TEXT),
          Map.entry("telegram_chat_id", ColumnType.NUMBER),
          Map.entry("language", ColumnType.TEXT),
          Map.entry("time_zone", ColumnType.TEXT),
          Map.entry("country", ColumnType.TEXT),
          Map.entry("city", ColumnType.TEXT),
          Map.entry("roles", ColumnType.LIST),
          Map.entry("tags", ColumnType.LIST),
          Map.entry("custom", ColumnType.JSON));
  private static final Pattern CUSTOM =
      Pattern.compile("custom\\.([A-Za-z_][A-Za-z0-9_]{0,63})(?::([a-z]+))?");

  /** The target of a name such as {@code email} or {@code custom.grade:number}; null for none. */
  static @Nullable Target of(String name) {
    ColumnType known = FIELDS.get(name);
    if (known != null) {
      return new Target(name, null, known);
    }
    var custom = CUSTOM.matcher(name);
    if (!custom.matches()) {
      return null;
    }
    ColumnType type = custom.group(2) == null ? ColumnType.TEXT : ColumnType.of(custom.group(2));
    return type == null ? null : new Target("custom", custom.group(1), type);
  }

  /** Unlike for two columns that do not write the same. */
  String path() {
    return custom == null ? field : field + "." + custom;
  }
}
