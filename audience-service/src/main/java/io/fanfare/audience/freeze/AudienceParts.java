package io.fanfare.audience.freeze;

import io.fanfare.contract.broadcast.Audience;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The lists and segments of an audience, as they are in the running transaction. */
@Repository
class AudienceParts {

  private final JdbcTemplate jdbc;

  AudienceParts(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The first part that the tenant does not have, if there is one. */
  Optional<Audience.Part> missing(UUID tenantId, Audience audience) {
    return Stream.concat(audience.include().stream(), audience.exclude().stream())
        .filter(part -> !exists(tenantId, part))
        .findFirst();
  }

  /** Selects the contacts of a part. */
  AudienceQuery.Part query(Audience.Part part) {
    return switch (part.kind()) {
      case LIST ->
          new AudienceQuery.Part(
              "select contact_id from list_member where list_id = ?", List.of(part.id()));
      case SEGMENT -> throw new IllegalStateException("no segments yet");
    };
  }

  private boolean exists(UUID tenantId, Audience.Part part) {
    return switch (part.kind()) {
      case LIST ->
          Boolean.TRUE.equals(
              jdbc.queryForObject(
                  "select exists (select from contact_list where tenant_id = ? and id = ?)",
                  Boolean.class,
                  tenantId,
                  part.id()));
      case SEGMENT -> false;
    };
  }
}
