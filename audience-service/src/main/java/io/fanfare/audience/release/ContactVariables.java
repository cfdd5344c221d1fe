package io.fanfare.audience.release;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which fields of a contact some content uses, from the variables it names: only those are read and
 * travel in commands.
 */
final class ContactVariables {

  private static final String PREFIX = "contact.";
  private static final String CUSTOM_PREFIX = "contact.custom.";
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "external_id",
          "name",
          "email",
          "phone",
          "telegram_chat_id",
          "language",
          "time_zone",
          "country",
          "city",
          "roles",
          "tags");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private final Set<String> columns = new LinkedHashSet<>();
  private final Set<String> customFields = new LinkedHashSet<>();
  private boolean everyCustomField;

  /**
   * @param variables as a template lists them: {@code contact.name}, {@code contact.custom.city};
   *     {@code contact} alone stands for every field, and names of no field for none
   */
  ContactVariables(List<String> variables) {
    for (String variable : variables) {
      if (variable.equals("contact")) {
        columns.addAll(COLUMNS);
        everyCustomField = true;
      } else if (variable.equals("contact.custom")) {
        everyCustomField = true;
      } else if (variable.startsWith(CUSTOM_PREFIX)) {
        customFields.add(firstPart(variable.substring(CUSTOM_PREFIX.length())));
      } else if (variable.startsWith(PREFIX)) {
        String field = firstPart(variable.substring(PREFIX.length()));
        if (COLUMNS.contains(field)) {
          columns.add(field);
        }
      }
    }
  }

  /** The columns to select besides the id and the address, each preceded by a comma. */
  String selected() {
    Set<String> selected = new LinkedHashSet<>(columns);
    selected.remove("id");
    if (usesCustom()) {
      selected.add("custom");
    }
    return selected.stream().map(column -> ", " + column).collect(Collectors.joining());
  }

  Map<String, Object> read(ResultSet row) throws SQLException {
    Map<String, Object> contact = new HashMap<>();
    for (String column : columns) {
      Object value = value(row.getObject(column));
      if (value != null) {
        contact.put(column, value);
      }
    }
    if (usesCustom()) {
      Map<String, Object> custom = JSON.readValue(row.getString("custom"), OBJECT);
      if (!everyCustomField) {
        custom.keySet().retainAll(customFields);
      }
      contact.put("custom", custom);
    }
    return contact;
  }

  private boolean usesCustom() {
    return everyCustomField || !customFields.isEmpty();
  }

  private static @Nullable Object value(@Nullable Object value) throws SQLException {
    return value instanceof Array array ? Arrays.asList((Object[]) array.getArray()) : value;
  }

  private static String firstPart(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }
}
