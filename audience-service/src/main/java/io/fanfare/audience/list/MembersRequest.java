package io.fanfare.audience.list;

import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Contacts named by their ids or by the tenant's own ids; one of both, at most 10,000. */
@Schema(name = "ListMembers")
record MembersRequest(
    @Schema(example = "[1, 2, 3]") @Nullable List<Long> contactIds,
    @Schema(description = "Instead of contact_ids", example = "[\"student-42\"]")
        @Nullable List<String> externalIds) {

  static final int MAX = 10_000;

  /**
   * Refuses a request that names no contacts, or names them in both ways.
   *
   * @throws ProblemException 422, or 413 {@code batch_too_large}
   */
  void check() {
    if ((contactIds == null) == (externalIds == null)) {
      throw ProblemException.invalid("", "has either contact_ids or external_ids");
    }
    List<?> given = given();
    String pointer = contactIds == null ? "/external_ids" : "/contact_ids";
    if (given.size() > MAX) {
      throw ProblemException.tooLarge("batch_too_large", "at most " + MAX + " contacts at once");
    }
    int missing = given.indexOf(null);
    if (given.isEmpty() || missing >= 0) {
      throw ProblemException.invalid(
          given.isEmpty() ? pointer : pointer + "/" + missing, "names no contact");
    }
  }

  int size() {
    return given().size();
  }

  /** What was named, each once; empty when external ids were given. */
  long[] distinctContactIds() {
    return contactIds == null
        ? new long[0]
        : contactIds.stream().mapToLong(Long::longValue).distinct().toArray();
  }

  /** What was named, each once; empty when contact ids were given. */
  Set<String> distinctExternalIds() {
    Set<String> distinct = new HashSet<>();
    if (externalIds != null) {
      externalIds.stream()
          // The database's text cannot hold this character, so nobody has such an id.
          .map(id -> id.replace('\0', '\ufffd'))
          .forEach(distinct::add);
    }
    return distinct;
  }

  private List<?> given() {
    if (contactIds != null) {
      return contactIds;
    }
    return externalIds == null ? List.of() : externalIds;
  }
}
