package io.fanfare.analytics.counting;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The next offset to count of each partition, committed together with the figures. */
@Repository
public class OffsetRepository {

  private static final String BEGIN =
      """
      insert into consumer_offset (topic, partition, next_offset)
      select :topic, b.partition, b.next_offset
      from unnest(cast(:partitions as int[]), cast(:offsets as bigint[])) as b (partition, next_offset)
      on conflict do nothing
      """;

  private static final String ADVANCE =
      """
      update consumer_offset o set next_offset = b.next_offset, advanced_at = now()
      from unnest(cast(:partitions as int[]), cast(:expected as bigint[]), cast(:next as bigint[]))
        as b (partition, expected, next_offset)
      where o.topic = :topic and o.partition = b.partition and o.next_offset = b.expected
      """;

  private final JdbcClient jdbc;

  OffsetRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A partition's move from the offset the reader believes in to the one after its batch. */
  public record Advance(long expected, long next) {}

  /** The stored offsets of the partitions that have one. */
  public Map<Integer, Long> find(String topic, List<Integer> partitions) {
    Map<Integer, Long> offsets = new TreeMap<>();
    jdbc.sql(
            """
            select partition, next_offset from consumer_offset
            where topic = :topic and partition = any(cast(:partitions as int[]))
            """)
        .param("topic", topic)
        .param("partitions", partitions.toArray(Integer[]::new))
        .query(row -> {
          offsets.put(row.getInt("partition"), row.getLong("next_offset"));
        });
    return offsets;
  }

  /** Stores where partitions begin; one that is known stays where it is. */
  public void begin(String topic, SortedMap<Integer, Long> beginnings) {
    jdbc.sql(BEGIN)
        .param("topic", topic)
        .param("partitions", beginnings.keySet().toArray(Integer[]::new))
        .param("offsets", beginnings.values().toArray(Long[]::new))
        .update();
  }

  /**
   * Moves the offsets on, in the transaction that counts the records between.
   *
   * @throws OffsetMoved when one is not where the reader believes: somebody else counted on, or a
   *     commit whose answer was lost had succeeded
   */
  void advance(String topic, SortedMap<Integer, Advance> advances) {
    int moved =
        jdbc.sql(ADVANCE)
            .param("topic", topic)
            .param("partitions", advances.keySet().toArray(Integer[]::new))
            .param(
                "expected", advances.values().stream().map(Advance::expected).toArray(Long[]::new))
            .param("next", advances.values().stream().map(Advance::next).toArray(Long[]::new))
            .update();
    if (moved != advances.size()) {
      throw new OffsetMoved(topic + " " + advances);
    }
  }

  /** The stored offset is not the one the reader believes in: roll back and read it again. */
  static final class OffsetMoved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OffsetMoved(String message) {
      super(message);
    }
  }
}
