package io.fanfare.benchmark;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks through the front door whom ten filters choose of contacts that were imported, and how long
 * the exact count, who is reachable and a sample take.
 */
final class EstimateBench {

  /** What an estimate of a million contacts may take. */
  static final double MOST_MILLIS = 300;

  private static final int WARM_UP = 3;
  private static final int RUNS = 11;

  /**
   * One filter.
   *
   * @param contacts whom it chooses
   */
  record Figure(String filter, long contacts, double p50Millis, double maxMillis) {

    Map<String, Object> columns() {
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("filter", filter);
      columns.put("contacts", contacts);
      columns.put("p50_ms", p50Millis);
      columns.put("max_ms", maxMillis);
      return columns;
    }
  }

  /**
   * What was measured.
   *
   * @param dryRunSeconds of a broadcast to all of them on both channels
   */
  record Result(List<Figure> figures, double dryRunSeconds) {

    static final Result NONE = new Result(List.of(), 0);

    /** Whether each estimate is as quick as it has to be. */
    boolean isQuick() {
      return figures.stream().allMatch(each -> each.p50Millis() < MOST_MILLIS);
    }
  }

  private EstimateBench() {}

  /**
   * Measures, once the table is vacuumed as PostgreSQL does some time after an import, and what an
   * import cannot bring is there: opt-outs of one in fifty, and a broadcast sent to every second.
   *
   * @param list they were imported into
   */
  static Result run(Deployment deployment, Deployment.TenantKey tenant, String list) {
    UUID broadcast = UUID.randomUUID();
    prepare(deployment, tenant.id(), broadcast);
    List<Figure> figures = new ArrayList<>();
    filters(list, broadcast)
        .forEach(
            (name, filter) -> figures.add(measure(tenant.api(), name, filter.replace('\'', '"'))));
    return new Result(figures, dryRun(deployment, tenant.api(), list));
  }

  private static double dryRun(Deployment deployment, RestClient api, String list) {
    Walkthrough walkthrough = new Walkthrough(api);
    Map<String, String> accounts =
        Map.of(
            "email",
            walkthrough.emailAccount("Server", "localhost", deployment.smtpPort(), 0, 8),
            "telegram",
            walkthrough.telegramAccount("Bot", "http://localhost:1", "1:bot", 1_000));
    String broadcast =
        walkthrough.broadcast("Everybody", walkthrough.template("News"), list, accounts);
    long begun = System.nanoTime();
    RestClient.Answer answer =
        api.exchange("POST", "/api/v1/broadcasts/" + broadcast + "/dry-run", Map.of());
    double seconds = Math.round((System.nanoTime() - begun) / 1e8) / 10.0;
    if (answer.status() != 200) {
      // As it is when it takes longer than it may.
      throw new IllegalStateException("the dry run was answered " + answer.text());
    }
    return seconds;
  }

  static void print(Result result) {
    System.out.printf(
        Locale.ROOT, "%n%-24s %12s %9s %9s%n", "estimate", "contacts", "p50 ms", "max ms");
    for (Figure each : result.figures()) {
      System.out.printf(
          Locale.ROOT,
          "%-24s %,12d %9.1f %9.1f%n",
          each.filter(),
          each.contacts(),
          each.p50Millis(),
          each.maxMillis());
    }
    System.out.printf(
        Locale.ROOT,
        "dry run of a broadcast to all of them on both channels: %.1f s%n",
        result.dryRunSeconds());
  }

  private static Figure measure(RestClient api, String name, String filter) {
    Map<String, Object> body = Map.of("filter", JsonMapper.shared().readTree(filter));
    long contacts = 0;
    double[] millis = new double[RUNS];
    for (int i = -WARM_UP; i < RUNS; i++) {
      long begun = System.nanoTime();
      JsonNode estimate = api.post("/api/v1/segments/estimate", body);
      if (i >= 0) {
        millis[i] = Math.round((System.nanoTime() - begun) / 1e5) / 10.0;
      }
      contacts = estimate.get("contacts").asLong();
    }
    Arrays.sort(millis);
    return new Figure(name, contacts, millis[RUNS / 2], millis[RUNS - 1]);
  }

  private static void prepare(Deployment deployment, UUID tenant, UUID broadcast) {
    String url = deployment.database().jdbcUrl("fanfare") + "?currentSchema=audience_service";
    try (Connection connection =
            DriverManager.getConnection(url, deployment.database().username(), "");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into opt_out (tenant_id, contact_id, channel, actor, opted_out_at)
          select tenant_id, id, (array['*', 'email', 'telegram'])[1 + id %% 3], 'bench', now()
          from contact where tenant_id = '%s' and id %% 50 = 7
          """
              .formatted(tenant));
      statement.execute(
          """
          insert into contact_behaviour (broadcast_id, contact_id, channel, tenant_id, sent_at,
                                         opened_at)
          select '%s', id, 'email', tenant_id, now(), case when id %% 3 = 0 then now() end
          from contact where tenant_id = '%s' and id %% 2 = 0
          """
              .formatted(broadcast, tenant));
      statement.execute("vacuum analyze");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> filters(String list, UUID broadcast) {
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
        "{'field':'custom.since','op':'gte','value':'-90d','zone':'Europe/London'}");
    filters.put("list", "{'list':'" + list + "'}");
    filters.put("behaviour", "{'behaviour':'not_opened','broadcast':'" + broadcast + "'}");
    filters.put(
        "country and language",
        "{'all':[{'field':'country','op':'eq','value':'DE'},"
            + "{'field':'language','op':'eq','value':'de-DE'}]}");
    filters.put("role", "{'group':'students'}");
    return filters;
  }
}
