package io.fanfare.broadcast.idempotency;

import io.fanfare.support.Ids;
import io.fanfare.support.secret.SecretBox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Idempotency keys and the answers kept for them. Answers may hold a new API key or personal data,
 * so their bodies are sealed.
 */
@Repository
class IdempotencyRepository {

  /** How long an answer is kept. */
  static final Duration KEPT = Duration.ofHours(24);

  /** After this long without an answer the one who took the key must have died on it. */
  static final Duration ABANDONED_AFTER = Duration.ofMinutes(1);

  /** How many rows one sweep drops at most. */
  static final int SWEEP_ROWS = 5_000;

  private final JdbcClient jdbc;
  private final SecretBox secretBox;
  private final Clock clock;

  IdempotencyRepository(JdbcClient jdbc, SecretBox secretBox, Clock clock) {
    this.jdbc = jdbc;
    this.secretBox = secretBox;
    this.clock = clock;
  }

  /** Takes a key, or says why it cannot be taken. */
  IdempotencyDecision claim(String actor, String key, byte[] fingerprint) {
    Instant now = clock.instant();
    UUID claimId = Ids.next();
    // An entry past its time is as good as none. One left by a crash is not: it may have been done.
    int taken =
        jdbc.sql(
                """
                insert into idempotency_entry as entry
                  (actor, idempotency_key, fingerprint, claim_id, claimed_at, expires_at)
                values (:actor, :key, :fingerprint, :claim, :now, :expires)
                on conflict (actor, idempotency_key) do update
                set fingerprint = excluded.fingerprint, claim_id = excluded.claim_id,
                    claimed_at = excluded.claimed_at, expires_at = excluded.expires_at,
                    outcome_unknown = false,
                    status = null, content_type = null, location = null, etag = null,
                    sealed_body = null
                where entry.expires_at <= :now
                """)
            .param("actor", actor)
            .param("key", key)
            .param("fingerprint", fingerprint)
            .param("claim", claimId)
            .param("now", Timestamp.from(now))
            .param("expires", Timestamp.from(now.plus(KEPT)))
            .update();
    return taken == 1
        ? new IdempotencyDecision.Execute(claimId)
        : taken(actor, key, fingerprint, now).orElseGet(IdempotencyDecision.InProgress::new);
  }

  /** Keeps the answer, unless somebody else has taken the key meanwhile. */
  void complete(String actor, String key, UUID claimId, StoredResponse response) {
    jdbc.sql(
            """
            update idempotency_entry
            set status = :status, content_type = :contentType, location = :location, etag = :etag,
                sealed_body = :body, expires_at = :expires
            where actor = :actor and idempotency_key = :key and claim_id = :claim
            """)
        .param("status", response.status())
        .param("contentType", response.contentType())
        .param("location", response.location())
        .param("etag", response.etag())
        .param("body", secretBox.seal(Base64.getEncoder().encodeToString(response.body())))
        .param("expires", Timestamp.from(clock.instant().plus(KEPT)))
        .param("actor", actor)
        .param("key", key)
        .param("claim", claimId)
        .update();
  }

  /** Keeps the key without an answer: whether the request was done cannot be known. */
  void markUnknown(String actor, String key, UUID claimId) {
    jdbc.sql(
            """
            update idempotency_entry set outcome_unknown = true
            where actor = :actor and idempotency_key = :key and claim_id = :claim
            """)
        .param("actor", actor)
        .param("key", key)
        .param("claim", claimId)
        .update();
  }

  /** Gives a key back: nothing was done. */
  void release(String actor, String key, UUID claimId) {
    jdbc.sql(
            """
            delete from idempotency_entry
            where actor = :actor and idempotency_key = :key and claim_id = :claim
            """)
        .param("actor", actor)
        .param("key", key)
        .param("claim", claimId)
        .update();
  }

  /** Drops a bounded number of entries past their time; how many. */
  int sweep() {
    return jdbc.sql(
            """
            delete from idempotency_entry where ctid = any (array(
              select ctid from idempotency_entry where expires_at <= :now limit :rows))
            """)
        .param("now", Timestamp.from(clock.instant()))
        .param("rows", SWEEP_ROWS)
        .update();
  }

  private Optional<IdempotencyDecision> taken(
      String actor, String key, byte[] fingerprint, Instant now) {
    return jdbc.sql(
            """
            select fingerprint, status, content_type, location, etag, sealed_body,
                   outcome_unknown or claimed_at <= :abandoned as lost
            from idempotency_entry where actor = :actor and idempotency_key = :key
            """)
        .param("actor", actor)
        .param("key", key)
        .param("abandoned", Timestamp.from(now.minus(ABANDONED_AFTER)))
        .query((row, number) ->
            IdempotencyDecision.ofTaken(
                row.getBytes("fingerprint"), fingerprint, response(row), row.getBoolean("lost")))
        .optional();
  }

  private @Nullable StoredResponse response(ResultSet row) throws SQLException {
    String sealed = row.getString("sealed_body");
    if (sealed == null) {
      return null;
    }
    return new StoredResponse(
        row.getInt("status"),
        row.getString("content_type"),
        row.getString("location"),
        row.getString("etag"),
        Base64.getDecoder().decode(secretBox.open(sealed)));
  }
}
