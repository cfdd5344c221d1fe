package io.fanfare.audience.exports;

import io.fanfare.audience.contact.Contact;
import io.fanfare.audience.csv.CsvText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes contacts as an import reads them. CSV has lists divided by semicolons, or as JSON arrays
 * where an element has one, and other values that are no text as JSON.
 */
final class ExportWriter {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int CONTACTS_AT_ONCE = 1_000;

  private final boolean csv;
  private final List<ExportColumn> columns;

  ExportWriter(boolean csv, List<ExportColumn> columns) {
    this.csv = csv;
    this.columns = columns;
  }

  /** Writes all of them; memory holds one page. */
  void write(ContactPages pages, OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder();
    if (csv) {
      CsvText.append(text, columns.stream().map(ExportColumn::name).toList());
    }
    List<Contact> page = pages.after(0, CONTACTS_AT_ONCE);
    while (!page.isEmpty()) {
      for (Contact contact : page) {
        if (csv) {
          CsvText.append(text, cells(contact));
        } else {
          text.append(MAPPER.writeValueAsString(fields(contact))).append('\n');
        }
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      text.setLength(0);
      page = pages.after(page.getLast().id(), CONTACTS_AT_ONCE);
    }
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private List<@Nullable String> cells(Contact contact) {
    List<@Nullable String> cells = new ArrayList<>(columns.size());
    for (ExportColumn column : columns) {
      cells.add(cell(column.value().apply(contact)));
    }
    return cells;
  }

  private static @Nullable String cell(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case List<?> list -> list(list);
      case Map<?, ?> map -> map.isEmpty() ? "" : MAPPER.writeValueAsString(map);
      default -> value.toString();
    };
  }

  private static String list(List<?> list) {
    boolean plain =
        list.stream()
            .allMatch(element ->
                element instanceof String text
                    && text.indexOf(';') < 0
                    && !text.startsWith("[")
                    && text.equals(text.strip())
                    && !text.isEmpty());
    return plain
        ? String.join(";", list.stream().map(String::valueOf).toList())
        : MAPPER.writeValueAsString(list);
  }

  private Map<String, Object> fields(Contact contact) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Map<String, Object> custom = new LinkedHashMap<>();
    for (ExportColumn column : columns) {
      Object value = column.value().apply(contact);
      if (value != null && column.custom() != null) {
        custom.put(column.custom(), value);
      } else if (value != null) {
        fields.put(column.name(), value instanceof java.time.Instant ? value.toString() : value);
      }
    }
    if (!custom.isEmpty()) {
      fields.put("custom", custom);
    }
    return fields;
  }
}
