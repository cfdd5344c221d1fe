package io.fanfare.support;

import io.swagger.v3.oas.models.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;

/** Gives the fields of a schema the names they have in JSON; springdoc knows those of Java. */
final class SnakeCaseSchemas {

  private SnakeCaseSchemas() {}

  /** Renames the fields of a schema and of all inside it; those that are right stay. */
  @SuppressWarnings("rawtypes")
  static void rename(@Nullable Schema<?> schema) {
    if (schema == null) {
      return;
    }
    if (schema.getProperties() != null) {
      Map<String, Schema> renamed = new LinkedHashMap<>();
      schema
          .getProperties()
          .forEach((name, field) -> {
            rename(field);
            renamed.put(inJson(name), field);
          });
      schema.setProperties(renamed);
    }
    if (schema.getRequired() != null) {
      schema.setRequired(schema.getRequired().stream().map(SnakeCaseSchemas::inJson).toList());
    }
    rename(schema.getItems());
    if (schema.getAdditionalProperties() instanceof Schema<?> values) {
      rename(values);
    }
    renameAll(schema.getAllOf());
    renameAll(schema.getAnyOf());
    renameAll(schema.getOneOf());
  }

  private static String inJson(String name) {
    return PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, name);
  }

  @SuppressWarnings("rawtypes")
  private static void renameAll(@Nullable List<Schema> schemas) {
    if (schemas != null) {
      for (Schema<?> schema : schemas) {
        rename(schema);
      }
    }
  }
}
