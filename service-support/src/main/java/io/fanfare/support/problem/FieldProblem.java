package io.fanfare.support.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request.
 *
 * @param pointer where in the body, a JSON pointer (RFC 6901) such as {@code
 *     /channels/0/account_id}; the name of the parameter for a query
 * @param detail what is wrong, for people
 * @param line the line inside a template text, from 1
 * @param column the column inside a template text, from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldProblem(
    String pointer, String detail, @Nullable Integer line, @Nullable Integer column) {

  public FieldProblem(String pointer, String detail) {
    this(pointer, detail, null, null);
  }
}
