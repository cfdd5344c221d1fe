package io.fanfare.audience.segment;

import com.zaxxer.hikari.HikariDataSource;
import io.fanfare.audience.contact.ContactRepository;
import io.fanfare.audience.segment.filter.Expansion;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.FilterReader;
import io.fanfare.audience.segment.sql.FilterSql;
import io.fanfare.support.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;

/**
 * Estimates alone, to be measured: fills a database with contacts and asks for whom ten filters
 * choose. The service never runs it; {@code ./fanfare bench --segments} does, out of the service's
 * own jar.
 */
public final class SegmentPathBench {

  private static final UUID TENANT = new UUID(0, 1);
  private static final UUID LIST = new UUID(0, 2);
  private static final UUID BROADCAST = new UUID(0, 3);
  private static final int WARM_UP = 3;
  private static final int RUNS = 15;

  private final JdbcTemplate jdbc;
  private final SegmentReader reader;
  private final CountRepository counts;

  private SegmentPathBench(JdbcTemplate jdbc, SegmentReader reader, CountRepository counts) {
    this.jdbc = jdbc;
    this.reader = reader;
    this.counts = counts;
  }

  /**
   * Measures and writes a report.
   *
   * @param arguments JDBC URL, user, number of contacts, {@code json} or {@code text}, the report's
   *     path
   */
  public static void main(String[] arguments) throws Exception {
    String schema = "audience_service";
    try (HikariDataSource database = new HikariDataSource()) {
      database.setJdbcUrl(arguments[0] + "?currentSchema=" + schema);
      database.setUsername(arguments[1]);
      JdbcTemplate jdbc = new JdbcTemplate(database);
      jdbc.execute("create schema if not exists " + schema);
      SpringLiquibase liquibase = new SpringLiquibase();
      liquibase.setDataSource(database);
      liquibase.setDefaultSchema(schema);
      liquibase.setChangeLog("classpath:db/audience-service/changelog.yaml");
      liquibase.setResourceLoader(new DefaultResourceLoader());
      liquibase.afterPropertiesSet();
      try (var context = new AnnotationConfigApplicationContext()) {
        context.registerBean(DataSource.class, () -> database);
        context.registerBean(JdbcTemplate.class, () -> jdbc);
        context.registerBean(Clock.class, Clock::systemUTC);
        context.registerBean(
            PlatformTransactionManager.class, () -> new JdbcTransactionManager(database));
        context.register(
            ContactRepository.class,
            SegmentRepository.class,
            SegmentMembership.class,
            FilterChecker.class,
            CountRepository.class,
            FactsRepository.class,
            SegmentReader.class);
        context.refresh();
        new SegmentPathBench(
                jdbc, context.getBean(SegmentReader.class), context.getBean(CountRepository.class))
            .run(Integer.parseInt(arguments[2]), arguments[3].equals("json"), arguments[4]);
      }
    }
    System.out.println("segments measured");
  }

  /** Each name with its filter. */
  private static Map<String, String> filters() {
    Map<String, String> filters = new LinkedHashMap<>();
    filters.put("nine in ten", "{'field':'country','op':'eq','value':'GB'}");
    filters.put("one in ten thousand", "{'group':'tutor','value':'t-77'}");
    filters.put(
        "nested",
        """
        {'all':[
          {'any':[{'field':'country','op':'in','value':['DE','FR']},
                  {'field':'language','op':'primary','value':'hi'},
                  {'field':'custom.grade','op':'between','value':[3,5]}]},
          {'not':{'field':'tags','op':'any','value':['newsletter']}},
          {'not':{'all':[{'group':'teachers'},{'has_address':'telegram'}]}}]}
        """);
    filters.put("tags", "{'field':'tags','op':'any','value':['newsletter']}");
    filters.put("custom range", "{'field':'custom.score','op':'between','value':[200,260]}");
    filters.put(
        "relative date",
        "{'field':'custom.enrolled_on','op':'gte','value':'-90d','zone':'Europe/London'}");
    filters.put("list", "{'list':'" + LIST + "'}");
    filters.put("behaviour", "{'behaviour':'not_opened','broadcast':'" + BROADCAST + "'}");
    filters.put(
        "country and language",
        "{'all':[{'field':'country','op':'eq','value':'DE'},"
            + "{'field':'language','op':'eq','value':'de-DE'}]}");
    filters.put("role", "{'group':'students'}");
    return filters;
  }

  private void run(int contacts, boolean asJson, String report) throws IOException {
    fill(contacts);
    StringBuilder table = new StringBuilder();
    StringBuilder plans = new StringBuilder();
    List<Map<String, Object>> figures = new ArrayList<>();
    table.append(
        String.format(
            Locale.ROOT,
            "%,d contacts; exact count, reachable by channel and a sample, %d runs after %d%n%n"
                + "%-24s %12s %12s %12s %9s %9s%n",
            contacts,
            RUNS,
            WARM_UP,
            "filter",
            "contacts",
            "e-mail",
            "Telegram",
            "p50 ms",
            "max ms"));
    filters()
        .forEach((name, text) -> {
          JsonNode json = SegmentRepository.JSON.readTree(text.replace('\'', '"'));
          long[] micros = new long[RUNS];
          SegmentReader.Estimate estimate = null;
          for (int i = -WARM_UP; i < RUNS; i++) {
            long begun = System.nanoTime();
            estimate = reader.estimate(Identity.system(TENANT), json, null);
            if (i >= 0) {
              micros[i] = (System.nanoTime() - begun) / 1_000;
            }
          }
          Arrays.sort(micros);
          double median = micros[RUNS / 2] / 1e3;
          double max = micros[RUNS - 1] / 1e3;
          SegmentReader.Estimate found = Objects.requireNonNull(estimate);
          table.append(
              String.format(
                  Locale.ROOT,
                  "%-24s %,12d %,12d %,12d %9.1f %9.1f%n",
                  name,
                  found.contacts(),
                  found.reachable().email(),
                  found.reachable().telegram(),
                  median,
                  max));
          figures.add(
              Map.of(
                  "filter", name, "contacts", found.contacts(), "p50_ms", median, "max_ms", max));
          plans.append(System.lineSeparator()).append("== ").append(name).append(": ").append(json);
          plans.append(System.lineSeparator());
          explain(json).forEach(line -> plans.append(line).append(System.lineSeparator()));
        });
    String end =
        asJson
            ? SegmentRepository.JSON.writeValueAsString(
                    Map.of("contacts", contacts, "filters", figures))
                + System.lineSeparator()
            : "";
    Files.writeString(Path.of(report), table.append(plans) + end);
  }

  private List<String> explain(JsonNode json) {
    Filter filter = Objects.requireNonNull(FilterReader.read(json, "", new ArrayList<>()));
    return counts.explain(
        TENANT, FilterSql.condition(TENANT, Expansion.of(filter, id -> null), Instant.now()));
  }

  /** Indexes are made when the rows are there, as after any large import by COPY. */
  private void fill(int contacts) {
    record Index(String name, String definition) {}
    List<Index> indexes =
        jdbc.query(
            """
            select indexname, indexdef from pg_indexes
            where schemaname = current_schema and tablename = 'contact'
              and indexname not in (select conname from pg_constraint)
            """,
            (row, number) -> new Index(row.getString(1), row.getString(2)));
    indexes.forEach(index -> jdbc.execute("drop index " + index.name()));
    jdbc.update(CONTACTS, TENANT, contacts);
    indexes.forEach(index -> jdbc.execute(index.definition()));
    jdbc.update(
        "insert into contact_list (id, tenant_id, name) values (?, ?, 'One in ten')", LIST, TENANT);
    jdbc.update("insert into list_member select ?, id from contact where id % 10 = 3", LIST);
    jdbc.update(
        """
        insert into opt_out (tenant_id, contact_id, channel, actor, opted_out_at)
        select tenant_id, id, (array['*', 'email', 'telegram'])[1 + id % 3], 'bench', now()
        from contact where id % 50 = 7
        """);
    jdbc.update(
        """
        insert into contact_behaviour
          (broadcast_id, contact_id, channel, tenant_id, sent_at, opened_at, clicked_at)
        select ?, id, 'email', tenant_id, now(), case when id % 3 = 0 then now() end,
               case when id % 12 = 0 then now() end
        from contact where id % 2 = 0
        """,
        BROADCAST);
    jdbc.execute("vacuum analyze");
  }

  private static final String CONTACTS =
      """
      insert into contact (tenant_id, external_id, name, email, telegram_chat_id, language,
        time_zone, country, city, roles, tags, custom, created_at)
      select ?, 'student-' || i, 'Contact Number ' || i,
        case when i % 20 > 0 then 'contact-' || i || '@example.org' end,
        case when i % 3 = 0 then 1000000 + i end,
        (array['en-GB', 'en-US', 'de-DE', 'fr-FR', 'es-ES', 'hi-IN'])[1 + i * 7 % 6],
        (array['Europe/London', 'Europe/Berlin', 'Asia/Kolkata'])[1 + i % 3],
        case when i % 10 > 0 then 'GB'
          else (array['DE', 'FR', 'ES', 'IN', 'US'])[1 + i / 10 % 5] end,
        (array['London', 'Leeds', 'Bristol', 'York', 'Oxford', 'Berlin'])[1 + i * 5 % 6],
        case when i % 20 = 0 then array['teacher'] when i % 50 = 1 then array['tutor', 'student']
          else array['student'] end,
        case when i % 4 = 0 then array['newsletter'] when i % 100 = 1 then array['beta', 'vip']
          else '{}' end,
        jsonb_build_object('grade', i % 13, 'score', i::bigint * 7919 % 10000 / 10.0,
          'plan', (array['free', 'gold', 'silver'])[1 + i % 3],
          'enrolled_on', (current_date - i % 1500)::text,
          'subjects', jsonb_build_array('maths', case when i % 2 = 0 then 'art' else 'music' end),
          'tutor', 't-' || i % 10000),
        now() - i % 2000 * interval '13 hours'
      from generate_series(1, ?) i
      """;
}
