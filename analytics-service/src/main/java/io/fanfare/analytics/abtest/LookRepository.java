package io.fanfare.analytics.abtest;

import io.fanfare.analytics.abtest.statistics.Interval;
import io.fanfare.contract.abtest.AbTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The looks that were taken, and the figures for the next one. */
@Repository
class LookRepository {

  // One statement, so that what was sent and who converted are of one moment.
  private static final String FIGURES =
      """
      select r.variant, r.sent, coalesce(e.recipients, 0) as converted,
        coalesce(e.value_sum, 0) as value_sum, coalesce(e.value_squares, 0) as value_squares,
        greatest(0, coalesce(a.recipients, 0) - r.sent - r.failed - r.dead - r.in_doubt - r.skipped
          - r.cancelled - r.fell_back) as unsent
      from recipient_count r
      left join ab_audience a
        on a.broadcast_id = r.broadcast_id and a.channel = r.channel and a.variant = r.variant
          and a.tenant_id = r.tenant_id
      left join engagement_count e
        on e.broadcast_id = r.broadcast_id and e.channel = r.channel and e.variant = r.variant
        and e.kind = :kind and e.name = :name and not e.machine
      where r.broadcast_id = :broadcast and r.tenant_id = :tenant and r.channel = :channel
      """;

  private static final String INSERT =
      """
      insert into ab_look (broadcast_id, look, fraction, looked_at, verdict, reason, tested,
        information, chi_square, ratio_p_value)
      values (:broadcast, :look, :fraction, :at, :verdict, :reason, :tested, :information,
        :chiSquare, :ratioPValue)
      """;

  private static final String INSERT_VARIANT =
      """
      insert into ab_look_variant (broadcast_id, look, place, variant, sent, converted, value_sum,
        value_squares, unsent, difference, low, high, z, boundary, p_value, adjusted_p_value, significant)
      values (:broadcast, :look, :place, :variant, :sent, :converted, :valueSum, :valueSquares,
        :unsent, :difference, :low, :high, :z, :boundary, :pValue, :adjustedPValue, :significant)
      """;

  private final JdbcClient jdbc;

  LookRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The figures now, in the order of the plan; a variant nobody was sent has zeros. */
  List<VariantFigures> figures(StoredTest test) {
    AbTest plan = test.plan();
    MetricCount count = MetricCount.of(plan);
    Map<String, VariantFigures> found = new HashMap<>();
    jdbc.sql(FIGURES)
        .param("kind", count.kind())
        .param("name", count.name())
        .param("broadcast", test.broadcastId())
        .param("tenant", test.tenantId())
        .param("channel", plan.channel().name())
        .query((row, number) -> figures(row))
        .list()
        .forEach(figures -> found.put(figures.variant(), figures));
    Map<String, Long> audience = audience(test);
    return plan.variants().stream()
        .map(variant ->
            found.getOrDefault(
                variant.id(),
                new VariantFigures(
                    variant.id(), 0, 0, 0, 0, audience.getOrDefault(variant.id(), 0L))))
        .toList();
  }

  /** The frozen recipients of each variant on the channel of the test; empty before the freeze. */
  Map<String, Long> audience(StoredTest test) {
    Map<String, Long> audience = new HashMap<>();
    jdbc.sql(
            """
            select variant, recipients from ab_audience
            where broadcast_id = :broadcast and tenant_id = :tenant and channel = :channel
            """)
        .param("broadcast", test.broadcastId())
        .param("tenant", test.tenantId())
        .param("channel", test.plan().channel().name())
        .query(row -> {
          audience.put(row.getString("variant"), row.getLong("recipients"));
        });
    return audience;
  }

  void add(UUID broadcastId, StoredLook look) {
    jdbc.sql(INSERT)
        .param("broadcast", broadcastId)
        .param("look", look.look())
        .param("fraction", look.time())
        .param("at", AbTestRepository.utc(look.at()))
        .param("verdict", look.verdict())
        .param("reason", look.reason().id())
        .param("tested", look.tested())
        .param("information", look.information())
        .param("chiSquare", look.chiSquare())
        .param("ratioPValue", look.ratioPValue())
        .update();
    for (int place = 0; place < look.figures().size(); place++) {
      addVariant(
          broadcastId,
          look,
          place,
          look.figures().get(place),
          place == 0 ? null : look.comparisons().get(place - 1));
    }
  }

  private void addVariant(
      UUID broadcastId,
      StoredLook look,
      int place,
      VariantFigures figures,
      @Nullable Comparison against) {
    Interval interval = against == null ? null : against.interval();
    jdbc.sql(INSERT_VARIANT)
        .param("broadcast", broadcastId)
        .param("look", look.look())
        .param("place", place)
        .param("variant", figures.variant())
        .param("sent", figures.sent())
        .param("converted", figures.converted())
        .param("valueSum", figures.valueSum())
        .param("valueSquares", figures.valueSquares())
        .param("unsent", figures.unsent())
        .param("difference", against == null ? null : against.difference())
        .param("low", interval == null ? null : interval.low())
        .param("high", interval == null ? null : interval.high())
        .param("z", against == null ? null : against.z())
        .param("boundary", against == null ? null : against.boundary())
        .param("pValue", against == null ? null : against.pValue())
        .param("adjustedPValue", against == null ? null : against.adjustedPValue())
        .param("significant", against == null ? null : against.significant())
        .update();
  }

  /** Every look taken, in order. */
  List<StoredLook> find(UUID broadcastId) {
    Map<Integer, List<VariantFigures>> figures = new HashMap<>();
    Map<Integer, List<Comparison>> comparisons = new HashMap<>();
    jdbc.sql("select * from ab_look_variant where broadcast_id = :broadcast order by look, place")
        .param("broadcast", broadcastId)
        .query(row -> {
          int look = row.getInt("look");
          figures.computeIfAbsent(look, first -> new ArrayList<>()).add(figures(row));
          List<Comparison> of = comparisons.computeIfAbsent(look, first -> new ArrayList<>());
          if (row.getInt("place") > 0) {
            of.add(comparison(row));
          }
        });
    return jdbc.sql("select * from ab_look where broadcast_id = :broadcast order by look")
        .param("broadcast", broadcastId)
        .query((row, number) -> {
          int look = row.getInt("look");
          return new StoredLook(
              look,
              row.getDouble("fraction"),
              AbTestRepository.instant(row.getObject("looked_at", OffsetDateTime.class)),
              row.getString("verdict"),
              LookReason.valueOf(row.getString("reason").toUpperCase(Locale.ROOT)),
              row.getBoolean("tested"),
              row.getDouble("information"),
              row.getDouble("chi_square"),
              row.getDouble("ratio_p_value"),
              figures.getOrDefault(look, List.of()),
              comparisons.getOrDefault(look, List.of()));
        })
        .list();
  }

  /** The looks that spent some of alpha, in order. */
  List<TestedLook> tested(UUID broadcastId) {
    return jdbc.sql(
            """
            select fraction, information from ab_look
            where broadcast_id = :broadcast and tested order by look
            """)
        .param("broadcast", broadcastId)
        .query((row, number) ->
            new TestedLook(row.getDouble("fraction"), row.getDouble("information")))
        .list();
  }

  private static VariantFigures figures(ResultSet row) throws SQLException {
    return new VariantFigures(
        row.getString("variant"),
        row.getLong("sent"),
        row.getLong("converted"),
        row.getDouble("value_sum"),
        row.getDouble("value_squares"),
        row.getLong("unsent"));
  }

  private static Comparison comparison(ResultSet row) throws SQLException {
    Double low = row.getObject("low", Double.class);
    Double high = row.getObject("high", Double.class);
    return new Comparison(
        row.getString("variant"),
        row.getDouble("difference"),
        low == null || high == null ? null : new Interval(low, high),
        row.getDouble("z"),
        row.getObject("boundary", Double.class),
        row.getObject("p_value", Double.class),
        row.getObject("adjusted_p_value", Double.class),
        row.getBoolean("significant"));
  }
}
