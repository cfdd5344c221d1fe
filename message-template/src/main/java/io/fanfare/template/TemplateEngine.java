package io.fanfare.template;

import java.util.List;

/**
 * Compiles templates. An author reaches the data given at rendering and nothing else: no code, no
 * files, no other template; loops, output and nesting are bounded. Thread safe.
 */
public final class TemplateEngine {

  private final TemplateLimits limits;

  /** An engine with {@link TemplateLimits#DEFAULT}. */
  public TemplateEngine() {
    this(TemplateLimits.DEFAULT);
  }

  public TemplateEngine(TemplateLimits limits) {
    this.limits = limits;
  }

  /**
   * @throws TemplateSyntaxException when the source is not a template, uses what is not allowed, or
   *     is too long
   */
  public CompiledTemplate compile(String source, Escaping escaping) {
    SourceMap places = new SourceMap(source);
    if (source.length() > limits.sourceCharacters()) {
      throw places.syntaxError(
          limits.sourceCharacters(),
          "the template is longer than " + limits.sourceCharacters() + " characters");
    }
    TemplateCompiler compiler = new TemplateCompiler(source, places);
    List<Statement> body = compiler.compile();
    return new CompiledTemplate(source, body, compiler.variables(), places, escaping, limits);
  }
}
