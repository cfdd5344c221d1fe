package io.fanfare.audience.segment.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.segment.filter.Expansion;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.RandomFilters;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FilterSqlTest {

  private static final Pattern TOKEN =
      Pattern.compile("'[^']*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_.]*|[0-9]+|[^\\s\\w'\"]+");

  /** Everything the SQL of a filter may be made of, whatever the filter. */
  private static final Set<String> WORDS =
      Set.of(
          ("and or not is true false null case when then end exists select from where in any array"
                  + " like collate lower strpos starts_with split_part jsonb_typeof jsonb_path_query"
                  + " text jsonb bigint int v width_bucket"
                  + " list_member m m.list_id m.contact_id opt_out o o.tenant_id o.contact_id"
                  + " o.channel o.category contact_behaviour b b.broadcast_id b.contact_id b.tenant_id"
                  + " b.sent_at b.opened_at b.clicked_at b.replied_at b.channel b.links"
                  + " contact_activity a a.tenant_id a.contact_id a.opened_at a.clicked_at"
                  + " a.replied_at a.active_at c.id c.external_id c.name c.email c.phone"
                  + " c.telegram_chat_id c.language c.time_zone c.country c.city c.roles c.tags"
                  + " c.custom c.created_at c.updated_at '*' '{}' 'null' 'string' 'number' 'false' '-' \"C\""
                  + " ascii translate '0123456789' '9999999999' '9999-99-99' 0 1 32")
              .split(" "));

  @Test
  void isMadeOfConstantsAlone() {
    var filters =
        new RandomFilters(
            new Random(3), List.of(UUID.randomUUID()), List.of(UUID.randomUUID()), List.of(7L));
    Set<String> foreign = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      Filter filter = Expansion.of(filters.tree(4), filters.segments()::get);
      Sql sql = FilterSql.condition(UUID.randomUUID(), filter, Instant.EPOCH);
      Matcher tokens = TOKEN.matcher(sql.text().replace("'lax $[*]'", "'*'"));
      while (tokens.find()) {
        String token = tokens.group();
        if (Character.isLetterOrDigit(token.charAt(0))
            || token.startsWith("'")
            || token.startsWith("\"")) {
          if (!WORDS.contains(token)) {
            foreign.add(token);
          }
        }
      }
      assertThat(sql.text().chars().filter(c -> c == '?').count())
          .as(sql.text())
          .isEqualTo(sql.parameters().size());
    }
    assertThat(foreign).isEmpty();
  }
}
