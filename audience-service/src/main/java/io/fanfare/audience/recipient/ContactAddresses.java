package io.fanfare.audience.recipient;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Who contacts are and how they can be reached now. */
@Repository
class ContactAddresses {

  /** A contact that is not erased. */
  record Entry(
      long id,
      @Nullable String externalId,
      @Nullable String email,
      @Nullable Long telegramChatId) {}

  private final JdbcTemplate jdbc;

  ContactAddresses(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of the tenant's contacts that there are. */
  List<Entry> find(UUID tenantId, List<Long> ids) {
    return jdbc.query(
        """
        select id, external_id, email, telegram_chat_id from contact
        where id = any(?) and tenant_id = ?
        """,
        (row, index) ->
            new Entry(
                row.getLong("id"),
                row.getString("external_id"),
                row.getString("email"),
                row.getObject("telegram_chat_id", Long.class)),
        ids.toArray(Long[]::new),
        tenantId);
  }
}
