package io.fanfare.audience.contact;

import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;

/**
 * Which contacts are asked for; what is null asks for nothing.
 *
 * @param q how the name, the e-mail or the external id begins
 */
@ParameterObject
public record ContactQuery(
    @Parameter(description = "How the name, the e-mail or the external id begins", example = "ada")
        @Nullable String q,
    @Parameter(description = "Those with this tag", example = "beta") @Nullable String tag,
    @Parameter(description = "Those with this role", example = "student") @Nullable String role,
    @Parameter(description = "Those of this country, ISO 3166-1 alpha-2", example = "GB")
        @Nullable String country,
    @Parameter(description = "Those of this language, as it was written", example = "en-GB")
        @Nullable String language) {

  /** Every contact. */
  public static final ContactQuery ALL = new ContactQuery(null, null, null, null, null);

  private static final int MOST_CHARACTERS = 200;

  /**
   * Refuses what no contact can have.
   *
   * @throws ProblemException 422 with each parameter that is wrong
   */
  public void check() {
    List<FieldProblem> problems = new ArrayList<>();
    check("q", q, problems);
    check("tag", tag, problems);
    check("role", role, problems);
    check("country", country, problems);
    check("language", language, problems);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  private static void check(String name, @Nullable String value, List<FieldProblem> problems) {
    if (value != null && (value.length() > MOST_CHARACTERS || value.indexOf('\0') >= 0)) {
      problems.add(new FieldProblem(name, "has at most 200 characters"));
    }
  }

  /** The conditions on a contact {@code c}, each with its parameters added to the list. */
  String conditions(List<Object> parameters) {
    StringBuilder sql = new StringBuilder();
    if (q != null && !q.isBlank()) {
      String prefix = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
      sql.append(
          " and (lower(c.name) like lower(?) or lower(c.email) like lower(?)"
              + " or c.external_id like ?)");
      parameters.addAll(List.of(prefix, prefix, prefix));
    }
    if (tag != null) {
      sql.append(" and c.tags @> array[?::text]");
      parameters.add(tag);
    }
    if (role != null) {
      sql.append(" and c.roles @> array[?::text]");
      parameters.add(role);
    }
    if (country != null) {
      sql.append(" and c.country = ?");
      parameters.add(country);
    }
    if (language != null) {
      sql.append(" and c.language = ?");
      parameters.add(language);
    }
    return sql.toString();
  }
}
