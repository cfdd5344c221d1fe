package io.fanfare.broadcast.media;

import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.support.SqlBinaryValue;
import org.springframework.stereotype.Repository;

/** Files, their bytes, and the broadcasts that send them. */
@Repository
class MediaRepository {

  private static final String COLUMNS =
      "m.id, m.tenant_id, m.file_name, m.content_type, m.size, m.sha256, m.created_at, m.created_by, m.width,"
          + " m.height";

  private final JdbcClient jdbc;

  MediaRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param sourceUrl where it was copied from; null when it was uploaded
   */
  void insert(StoredMedia media, @Nullable String sourceUrl, InputStream bytes) {
    jdbc.sql(
            """
            insert into media (id, tenant_id, file_name, content_type, size, sha256, source_url,
              created_at, created_by, width, height, content)
            values (:id, :tenant, :name, :type, :size, :sha256, :url, :created, :by, :width, :height,
              :content)
            """)
        .param("id", media.id())
        .param("tenant", media.tenantId())
        .param("name", media.fileName())
        .param("type", media.contentType())
        .param("size", media.size())
        .param("sha256", media.sha256())
        .param("url", sourceUrl)
        .param("created", Timestamp.from(media.createdAt()))
        .param("by", media.createdBy())
        .param("width", media.shape() == null ? null : media.shape().width(), Types.INTEGER)
        .param("height", media.shape() == null ? null : media.shape().height(), Types.INTEGER)
        .param("content", new SqlBinaryValue(bytes, media.size()))
        .update();
  }

  /** An upload that is not deleted. */
  Optional<StoredMedia> upload(UUID tenantId, UUID id) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from media m
                where m.id = :id and m.tenant_id = :tenant
                  and m.source_url is null and m.deleted_at is null
                """)
        .param("id", id)
        .param("tenant", tenantId)
        .query(MediaRepository::media)
        .optional();
  }

  /** Any file, copies and deleted ones that are still sent as well. */
  Optional<StoredMedia> any(UUID tenantId, UUID id) {
    return jdbc.sql(
            "select " + COLUMNS + " from media m where m.id = :id and m.tenant_id = :tenant")
        .param("id", id)
        .param("tenant", tenantId)
        .query(MediaRepository::media)
        .optional();
  }

  /**
   * Some of its bytes.
   *
   * @param from the first one, from 0
   */
  byte[] bytes(UUID id, int from, int count) {
    return jdbc.sql("select substring(content from :from for :count) from media where id = :id")
        .param("from", from + 1)
        .param("count", count)
        .param("id", id)
        .query((row, number) -> row.getBytes(1))
        .optional()
        .orElse(new byte[0]);
  }

  /** Uploads, newest first, after the given one. */
  List<StoredMedia> page(UUID tenantId, @Nullable UUID after, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from media m
                where m.tenant_id = :tenant and m.source_url is null and m.deleted_at is null
                  and (cast(:after as uuid) is null or m.id < :after)
                order by m.id desc
                limit :limit
                """)
        .param("tenant", tenantId)
        .param("after", after)
        .param("limit", limit)
        .query(MediaRepository::media)
        .list();
  }

  /** What a tenant's uploads take, in bytes. */
  long uploadedBytes(UUID tenantId) {
    return jdbc.sql(
            """
            select coalesce(sum(size), 0) from media
            where tenant_id = :tenant and source_url is null and deleted_at is null
            """)
        .param("tenant", tenantId)
        .query(Long.class)
        .single();
  }

  void markDeleted(UUID id, Instant now) {
    jdbc.sql("update media set deleted_at = :now where id = :id")
        .param("now", Timestamp.from(now))
        .param("id", id)
        .update();
  }

  /** The newest copy of a URL, made after an instant. */
  Optional<StoredMedia> copy(UUID tenantId, String url, Instant after) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from media m
                where m.tenant_id = :tenant and m.source_url = :url and m.created_at > :after
                order by m.id desc
                limit 1
                """)
        .param("tenant", tenantId)
        .param("url", url)
        .param("after", Timestamp.from(after))
        .query(MediaRepository::media)
        .optional();
  }

  /** What a broadcast sends, by the URL it was copied from. */
  Map<String, StoredMedia> copiesOf(UUID broadcastId) {
    Map<String, StoredMedia> copies = new HashMap<>();
    jdbc.sql(
            "select "
                + COLUMNS
                + """
                , m.source_url from media_use u join media m on m.id = u.media_id
                where u.broadcast_id = :broadcast and m.source_url is not null
                """)
        .param("broadcast", broadcastId)
        .query(row -> {
          copies.put(row.getString("source_url"), media(row, 0));
        });
    return copies;
  }

  void use(UUID broadcastId, UUID mediaId) {
    jdbc.sql(
            """
            insert into media_use (broadcast_id, media_id) values (:broadcast, :media)
            on conflict do nothing
            """)
        .param("broadcast", broadcastId)
        .param("media", mediaId)
        .update();
  }

  void endUses(UUID broadcastId) {
    jdbc.sql("delete from media_use where broadcast_id = :broadcast")
        .param("broadcast", broadcastId)
        .update();
  }

  /** Takes away copies and deleted uploads that no broadcast sends. */
  int deleteUnused(Instant before, int most) {
    return jdbc.sql(
            """
            delete from media where id in (
              select m.id from media m
              where (m.deleted_at < :before or m.source_url is not null and m.created_at < :before)
                and not exists (select 1 from media_use u where u.media_id = m.id)
              limit :most)
            """)
        .param("before", Timestamp.from(before))
        .param("most", most)
        .update();
  }

  private static StoredMedia media(ResultSet row, int number) throws SQLException {
    return new StoredMedia(
        row.getObject("id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        row.getString("file_name"),
        row.getString("content_type"),
        row.getInt("size"),
        row.getString("sha256"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"),
        row.getObject("width") == null
            ? null
            : new ImageShape(row.getInt("width"), row.getInt("height")));
  }
}
