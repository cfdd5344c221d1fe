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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
  private final UUID tenant = Ids.next();
  private final List<UUID> lists = List.of(Ids.next(), Ids.next());
  private final List<UUID> broadcasts = List.of(Ids.next(), Ids.next());

  SegmentSqlTest(AudienceService audience) {
    this.jdbc = audience.bean(JdbcTemplate.class);
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
