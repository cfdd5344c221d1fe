package io.fanfare.audience.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.segment.filter.ContactFacts;
import io.fanfare.audience.segment.filter.Expansion;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.FilterEvaluator;
import io.fanfare.audience.segment.filter.FilterReader;
import io.fanfare.audience.segment.filter.FilterWriter;
import io.fanfare.audience.segment.filter.RandomContacts;
import io.fanfare.audience.segment.filter.RandomFilters;
import io.fanfare.audience.segment.sql.FilterSql;
import io.fanfare.audience.segment.sql.Sql;
import io.fanfare.support.Ids;
import io.fanfare.support.problem.FieldProblem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The SQL of a filter matches the contacts that the filter matches one by one, no more, no less.
 */
@ExtendWith(AudienceExtension.class)
class SegmentSqlTest {

  private static final Instant NOW = Instant.parse("2026-03-10T23:10:00Z");
  private static final int CONTACTS = 200;
  private static final int TREES = 200;

  // The service's own: a pool of connections, where a test's is a new one for every statement.
  private final JdbcTemplate jdbc;
  private final CountRepository counts;
  private final UUID tenant = Ids.next();
  private final List<UUID> lists = List.of(Ids.next(), Ids.next());
  private final List<UUID> broadcasts = List.of(Ids.next(), Ids.next());

  SegmentSqlTest(AudienceService audience) {
    this.jdbc = audience.bean(JdbcTemplate.class);
    this.counts = audience.bean(CountRepository.class);
  }

  @Test
  void matchesWhatEvaluationMatches() {
    long anySeed = System.nanoTime();
    System.out.println("random filters: seeds 1, 2, " + anySeed);
    List<ContactFacts> contacts = contacts(new Random(anySeed));
    int some = 0;
    for (long seed : List.of(1L, 2L, anySeed)) {
      List<Long> ids = contacts.stream().map(ContactFacts::id).toList();
      var filters = new RandomFilters(new Random(seed), lists, broadcasts, ids);
      for (int i = 0; i < TREES; i++) {
        Filter filter = filters.tree(1 + i % 5);
        Filter expected = Expansion.of(filter, filters.segments()::get);
        Filter read = Expansion.of(readBack(filter), filters.segments()::get);
        Predicate<ContactFacts> evaluated =
            contact -> new FilterEvaluator(contact, NOW).matches(expected);
        Set<Long> matched =
            contacts.stream()
                .filter(evaluated)
                .map(ContactFacts::id)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(selected(read))
            .as("seed %d, tree %d: %s", seed, i, FilterWriter.write(filter))
            .isEqualTo(matched);
        some += matched.isEmpty() || matched.size() == CONTACTS ? 0 : 1;
      }
    }
    assertThat(some).as("trees that match some contacts, not all").isGreaterThan(TREES);
  }

  @Test
  void aNumberIsBetweenOthersHoweverItIsWritten() {
    List<String> written =
        List.of(
            "-3",
            "0",
            "0.0",
            "0.05",
            "0.5",
            "1",
            "3",
            "3.0",
            "3.25",
            "4.999",
            "5",
            "5.00",
            "5.000001",
            "9.99",
            "10",
            "30",
            "50",
            "99.5",
            "100",
            "1e2",
            "12345678.5");
    Map<Long, BigDecimal> numbers = new TreeMap<>();
    for (String number : written) {
      numbers.put(insert("custom", "{\"n\": " + number + "}"), new BigDecimal(number));
    }
    insert("custom", "{\"n\": \"4\"}");
    insert("custom", "{\"n\": [4]}");
    insert("custom", "{\"n\": null}");
    insert("custom", "{}");
    for (String from : written) {
      for (String to : written) {
        BigDecimal least = new BigDecimal(from);
        BigDecimal most = new BigDecimal(to);
        if (least.compareTo(most) > 0) {
          continue;
        }
        Set<Long> between = new TreeSet<>();
        numbers.forEach((id, number) -> {
          if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
            between.add(id);
          }
        });
        String filter = "{'field':'custom.n','op':'between','value':[%s,%s]}".formatted(from, to);
        assertThat(selected(read(filter))).as(filter).isEqualTo(between);
      }
    }
  }

  @Test
  void aConditionMeansTheSameWhereNoIndexHelps() {
    for (String language :
        List.of("hi", "HI", "hi-IN", "Hi-in", "hil", "h", "kn-IN", "KN", "\u212AN-in", "")) {
      insert("language", language);
    }
    insert("name", "no language, no tags");
    for (String tags : List.of("{a}", "{b}", "{a,b}", "{A}", "{c,a}", "{d}")) {
      insert("tags", tags);
    }
    String never = ",{'field':'name','op':'eq','value':'nobody'}";
    for (String languages : List.of("['hi']", "['kn']", "['kn','hi']")) {
      String primary = "{'field':'language','op':'primary','value':" + languages + "}";
      assertThat(selected(read("{'any':[" + primary + never + "]}")))
          .as(primary)
          .isNotEmpty()
          .isEqualTo(selected(read(primary)));
    }
    for (String country : List.of("DE", "FR", "ES", "IT", "de")) {
      insert("country", country);
    }
    Set<Long> all = selected(read("{'group':'everyone'}"));
    for (String countries : List.of("['DE','FR']", "['DE','FR','ES']", "['DE','FR','ES','IT']")) {
      String in = "{'field':'country','op':'in','value':" + countries + "}";
      Set<Long> chosen = selected(read("{'any':[" + in + never + "]}"));
      Set<Long> others = new TreeSet<>(all);
      others.removeAll(chosen);
      assertThat(chosen).as(in).isNotEmpty().isEqualTo(selected(read(in)));
      assertThat(selected(read("{'not':" + in + "}"))).as("not " + in).isEqualTo(others);
    }
    for (String tags : List.of("['a']", "['a','b']", "['a','b','c','d']")) {
      String any = "{'field':'tags','op':'any','value':" + tags + "}";
      Set<Long> others = new TreeSet<>(all);
      others.removeAll(selected(read(any)));
      assertThat(selected(read("{'not':" + any + "}"))).as(any).isEqualTo(others);
    }
  }

  @Test
  void countsWhoCanBeReachedAsOptOutsAndAddressesComeAndGo() {
    Random random = new Random(7);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ids.add(
          jdbc.queryForObject(
              "insert into contact (tenant_id, email, telegram_chat_id) values (?, ?, ?)"
                  + " returning id",
              Long.class,
              tenant,
              i % 4 == 0 ? null : "a" + i + "@example.org",
              i % 3 == 0 ? null : i));
    }
    Sql everyone = FilterSql.condition(tenant, read("{'group':'everyone'}"), NOW);
    List<String> channels = List.of("*", "email", "telegram");
    Set<List<Long>> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Long id = ids.get(random.nextInt(ids.size()));
      String channel = channels.get(random.nextInt(channels.size()));
      switch (random.nextInt(5)) {
        case 0 ->
            jdbc.update("delete from opt_out where contact_id = ? and channel = ?", id, channel);
        case 1 -> jdbc.update("delete from opt_out where contact_id = ?", id);
        case 2 -> jdbc.update("update contact set email = null where id = ?", id);
        case 3 -> jdbc.update("update contact set email = 'b@example.org' where id = ?", id);
        default ->
            jdbc.update(
                "insert into opt_out (tenant_id, contact_id, channel, category, actor, opted_out_at)"
                    + " values (?, ?, ?, '*', 'test', now()), (?, ?, ?, 'news', 'test', now())"
                    + " on conflict do nothing",
                tenant,
                id,
                channel,
                tenant,
                id,
                channel);
      }
      SegmentCounts counted = counts.count(tenant, everyone);
      List<Long> reached = List.of(counted.byEmail(), counted.byTelegram());
      assertThat(reached).containsExactly(reached("email"), reached("telegram"));
      seen.add(reached);
    }
    assertThat(seen).hasSizeGreaterThan(10);
  }

  private long reached(String channel) {
    Long count =
        jdbc.queryForObject(
            """
            select count(*) from contact c where tenant_id = ?
            and (case ? when 'email' then email else telegram_chat_id::text end) is not null
            and not exists (select from opt_out where contact_id = c.id and category = '*'
              and channel in ('*', ?))
            """,
            Long.class,
            tenant,
            channel,
            channel);
    return Objects.requireNonNull(count);
  }

  private long insert(String column, String value) {
    String type =
        switch (column) {
          case "custom" -> "jsonb";
          case "tags" -> "text[]";
          default -> "text";
        };
    Long id =
        jdbc.queryForObject(
            "insert into contact (tenant_id, %s) values (?, ?::%s) returning id"
                .formatted(column, type),
            Long.class,
            tenant,
            value);
    return Objects.requireNonNull(id);
  }

  private static Filter read(String json) {
    List<FieldProblem> problems = new ArrayList<>();
    Filter read =
        FilterReader.read(JsonMapper.shared().readTree(json.replace('\'', '"')), "", problems);
    assertThat(problems).as(json).isEmpty();
    return Expansion.of(read, id -> null);
  }

  private static Filter readBack(Filter filter) {
    List<FieldProblem> problems = new ArrayList<>();
    String json = FilterWriter.write(filter).toString();
    Filter read = FilterReader.read(JsonMapper.shared().readTree(json), "", problems);
    assertThat(problems).as(json).isEmpty();
    return read;
  }

  private Set<Long> selected(Filter filter) {
    Sql condition = FilterSql.condition(tenant, filter, NOW);
    List<Object> parameters = new ArrayList<>(List.of(tenant));
    parameters.addAll(condition.parameters());
    String sql = "select c.id from contact c where c.tenant_id = ? and " + condition.text();
    return new TreeSet<>(jdbc.queryForList(sql, Long.class, parameters.toArray()));
  }

  private List<ContactFacts> contacts(Random random) {
    List<Long> ids =
        jdbc.queryForList(
            "select nextval(pg_get_serial_sequence('contact', 'id'))"
                + " from generate_series(1, ?)",
            Long.class,
            CONTACTS);
    var generator = new RandomContacts(random, NOW, lists, broadcasts);
    List<ContactFacts> contacts = new ArrayList<>();
    for (int i = 0; i < CONTACTS; i++) {
      contacts.add(generator.contact(ids.get(i), i));
    }
    StoredFacts.store(jdbc, tenant, contacts);
    return contacts;
  }
}
