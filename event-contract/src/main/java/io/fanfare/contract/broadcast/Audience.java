package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Whom a broadcast goes to: everybody in one of the included parts who is in none of the excluded
 * ones. Who is in several included parts is a recipient of the first of them.
 *
 * @param include 1 to {@value #MAX_PARTS} parts; their numbers, from 1, are the {@code segment} of
 *     commands and events
 * @param exclude at most {@value #MAX_PARTS} parts
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Audience(List<Part> include, List<Part> exclude) {

  public static final int MAX_PARTS = 20;

  /** What chooses contacts. */
  public enum Kind {
    LIST,
    SEGMENT;

    /** The name in JSON. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A list or a segment of the tenant. */
  public record Part(Kind kind, UUID id) {}

  @SuppressWarnings("NullAway") // what JSON leaves out is null
  public Audience {
    include = include == null ? List.of() : List.copyOf(include);
    exclude = exclude == null ? List.of() : List.copyOf(exclude);
  }

  /** The contacts of one list. */
  public static Audience ofList(UUID listId) {
    return new Audience(List.of(new Part(Kind.LIST, listId)), List.of());
  }
}
