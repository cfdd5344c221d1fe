package io.fanfare.template;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** A template ready to be rendered many times, by any number of threads at once. */
public final class CompiledTemplate {

  private static final int ROOM_FOR_VALUES = 64;

  private final List<Statement> body;
  private final SortedSet<String> variables;
  private final SourceMap places;
  private final Escaping escaping;
  private final TemplateLimits limits;
  private final int expectedCharacters;

  CompiledTemplate(
      String source,
      List<Statement> body,
      SortedSet<String> variables,
      SourceMap places,
      Escaping escaping,
      TemplateLimits limits) {
    this.body = body;
    this.variables = Collections.unmodifiableSortedSet(variables);
    this.places = places;
    this.escaping = escaping;
    this.limits = limits;
    this.expectedCharacters = source.length() + ROOM_FOR_VALUES;
  }

  /**
   * The text for some data. A variable that is not there, or is null, renders as nothing.
   *
   * @param data maps, lists, texts, numbers and truth values, by the first part of the variables'
   *     names; read, never changed. Of anything else the template sees its {@code toString()} only
   * @throws TemplateRenderException when a bound of the {@link TemplateLimits} is hit, or a value
   *     does not fit what is done with it
   */
  public String render(Map<String, Object> data) {
    Rendering rendering = new Rendering(data, escaping, limits, expectedCharacters);
    rendering.run(body, places);
    return rendering.output();
  }

  /**
   * The values from outside the template uses, such as {@code contact.name}, {@code
   * contact.custom.city} or {@code current_date}. A loop over {@code contact.tags} counts as {@code
   * contact.tags}, whatever its variable is called; parts of a custom field count as the field.
   */
  public SortedSet<String> variables() {
    return variables;
  }
}
