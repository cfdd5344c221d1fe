package io.fanfare.audience.imports;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How the text of a cell becomes a value. */
enum ColumnType {
  TEXT("text") {
    @Override
    JsonNode read(String cell) {
      return NODES.stringNode(cell);
    }
  },
  NUMBER("number") {
    @Override
    @Nullable JsonNode read(String cell) {
      if (WHOLE.matcher(cell).matches()) {
        long whole = Long.parseLong(cell);
        // As JSON is read, so that the same number comes back from the database.
        return whole == (int) whole ? NODES.numberNode((int) whole) : NODES.numberNode(whole);
      }
      return DECIMAL.matcher(cell).matches() ? NODES.numberNode(Double.parseDouble(cell)) : null;
    }
  },
  BOOLEAN("boolean") {
    @Override
    @Nullable JsonNode read(String cell) {
      return switch (cell.toLowerCase(Locale.ROOT)) {
        case "true", "yes", "1" -> NODES.booleanNode(true);
        case "false", "no", "0" -> NODES.booleanNode(false);
        default -> null;
      };
    }
  },
  DATE("date") {
    @Override
    @Nullable JsonNode read(String cell) {
      try {
        if (cell.indexOf('T') < 0) {
          LocalDate.parse(cell);
        } else {
          OffsetDateTime.parse(cell);
        }
        return NODES.stringNode(cell);
      } catch (DateTimeException e) {
        return null;
      }
    }
  },
  LIST("list") {
    @Override
    @Nullable JsonNode read(String cell) {
      if (cell.startsWith("[")) {
        return parsed(cell) instanceof ArrayNode array ? array : null;
      }
      ArrayNode array = NODES.arrayNode();
      for (String part : cell.split(";")) {
        if (!part.isBlank()) {
          array.add(part.strip());
        }
      }
      return array;
    }
  },
  JSON("json") {
    @Override
    @Nullable JsonNode read(String cell) {
      return parsed(cell);
    }
  };

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

  private final String id;

  ColumnType(String id) {
    this.id = id;
  }

  /** The type of this name; null when there is none. */
  static @Nullable ColumnType of(String id) {
    for (ColumnType type : values()) {
      if (type.id.equals(id)) {
        return type;
      }
    }
    return null;
  }

  /** How it is called in a mapping. */
  String id() {
    return id;
  }

  /** The value of a cell that is not empty; null when it has none. */
  abstract @Nullable JsonNode read(String cell);

  private static @Nullable JsonNode parsed(String cell) {
    try {
      return MAPPER.readTree(cell);
    } catch (JacksonException e) {
      return null;
    }
  }
}
