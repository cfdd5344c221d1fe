package io.fanfare.broadcast.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check of a template found.
 *
 * @param valid it can be saved and sent: there are no errors
 * @param errors what must be mended
 * @param variables the values from outside it uses, over all channels
 * @param warnings what may be a mistake
 */
public record TemplateReport(
    boolean valid, List<Finding> errors, List<String> variables, List<Finding> warnings) {

  /**
   * Something about one text.
   *
   * @param pointer which text, a JSON pointer into the body
   * @param line the line in the text, from 1; absent when it is about the whole
   * @param column the column in the line, from 1
   * @param message what is wrong, for people
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Finding(
      String pointer, @Nullable Integer line, @Nullable Integer column, String message) {

    Finding(String pointer, String message) {
      this(pointer, null, null, message);
    }
  }
}
