package io.fanfare.benchmark;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.benchmark.process.Usage;
import io.fanfare.localstack.client.RestClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code bench --import}: one file of generated contacts, one in a hundred bad, through
 * the front door into audience-service under a small heap, and out again. It checks that created
 * and failed rows are all rows, that the file of errors has the bad ones and no other, that the
 * list has the good ones, and that the export has each of them once.
 */
final class ImportBench {

  private static final String AUDIENCE = "audience-service";
  private static final Duration PATIENCE = Duration.ofMinutes(60);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final ImportOptions options;
  private final Deployment deployment;
  private final Deployment.TenantKey tenant;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private long peakBytes;

  private ImportBench(ImportOptions options, Deployment deployment) {
    this.options = options;
    this.deployment = deployment;
    this.tenant = deployment.newTenantKey("Import");
  }

  /** Measures and prints; false when something of it was not exact. */
  static boolean run(ImportOptions options, Path folder) {
    say("starting services, broker and database");
    try (Deployment deployment =
        Deployment.start(
            folder,
            Path.of("").toAbsolutePath(),
            Map.of(),
            List.of(AUDIENCE, "broadcast-api"),
            options.heap())) {
      return new ImportBench(options, deployment).run();
    }
  }

  private boolean run() {
    RestClient api = tenant.api();
    String list = api.post("/api/v1/lists", Map.of("name", "Imported")).get("id").asString();
    Map<String, Usage> before = deployment.usage();
    say("sending a file of %,d rows".formatted(options.rows()));
    long begun = System.nanoTime();
    String id = upload("/api/v1/contact-imports?list_id=" + list);
    double uploadSeconds = secondsSince(begun);
    JsonNode end = awaitEnd("/api/v1/contact-imports/" + id);
    double seconds = secondsSince(begun);
    Map<String, Usage> used = new LinkedHashMap<>();
    deployment
        .usage()
        .forEach(
            (name, usage) -> used.put(name, usage.since(before.getOrDefault(name, Usage.NONE))));
    lookAtMemory();

    JsonNode rows = end.get("rows");
    int bad = ImportFile.bad(options.rows());
    boolean counted =
        end.get("state").asString().equals("completed")
            && rows.get("read").asLong() == options.rows()
            && rows.get("created").asLong() == options.rows() - bad
            && rows.get("failed").asLong() == bad;
    boolean listed =
        api.get("/api/v1/lists/" + list).get("contacts").asLong() == options.rows() - bad;
    BitSet errors =
        lines(
            "/api/v1/contact-imports/" + id + "/errors",
            line -> Integer.parseInt(line.substring(0, line.indexOf(','))) - 1);
    boolean errorsExact = errors.cardinality() == bad && all(errors, true);
    long exportBegun = System.nanoTime();
    BitSet exported =
        lines(
            "/api/v1/contact-exports?fields=external_id,name,email,tags,custom",
            line -> Integer.parseInt(line.substring(2, line.indexOf(','))));
    double exportSeconds = secondsSince(exportBegun);
    boolean exportExact = exported.cardinality() == options.rows() - bad && all(exported, false);
    boolean exact = counted && listed && errorsExact && exportExact;
    lookAtMemory();
    EstimateBench.Result estimates =
        options.estimates()
            ? EstimateBench.run(deployment, tenant, list)
            : EstimateBench.Result.NONE;
    print(end, used, uploadSeconds, seconds, exportSeconds, exact, estimates);
    if (!exact) {
      System.out.printf(
          "counts %s, list %s, errors %s, export %s: %s%n",
          counted, listed, errorsExact, exportExact, end);
    }
    return exact && estimates.isQuick();
  }

  private static boolean all(BitSet rows, boolean bad) {
    return rows.stream().allMatch(row -> ImportFile.isBad(row) == bad);
  }

  private String upload(String path) {
    HttpRequest request =
        authorized(path)
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ImportFile(options.rows())))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 202) {
        throw new IllegalStateException("the file was answered " + answer.body());
      }
      return JsonMapper.shared().readTree(answer.body()).get("id").asString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private JsonNode awaitEnd(String path) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean kill = options.kill();
    while (true) {
      RestClient.Answer answer = tenant.api().exchange("GET", path, null);
      if (answer.status() == 200) {
        JsonNode now = answer.body();
        if (now.hasNonNull("ended_at")) {
          return now;
        }
        if (kill && now.get("percent").asDouble() > 40) {
          kill = false;
          lookAtMemory();
          say("killing %s after %,d rows".formatted(AUDIENCE, now.at("/rows/read").asLong()));
          deployment.service(AUDIENCE).kill();
          deployment.startAgain(AUDIENCE);
          deployment.awaitReady(AUDIENCE);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the import did not end: " + answer.text());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private void lookAtMemory() {
    long now = Usage.of(deployment.service(AUDIENCE).pid()).peakBytes();
    peakBytes = Math.max(peakBytes, now);
  }

  /** The rows that the lines behind the header are of; none when one comes twice. */
  private BitSet lines(String path, ToIntFunction<String> row) {
    BitSet rows = new BitSet();
    boolean twice = false;
    try {
      HttpResponse<InputStream> answer =
          http.send(authorized(path).build(), HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        reader.readLine();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          int number = row.applyAsInt(line);
          twice |= rows.get(number);
          rows.set(number);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (twice) {
      rows.clear();
    }
    return rows;
  }

  private HttpRequest.Builder authorized(String path) {
    return HttpRequest.newBuilder(tenant.api().base().resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", tenant.api().authorization());
  }

  private void print(
      JsonNode end,
      Map<String, Usage> used,
      double uploadSeconds,
      double seconds,
      double exportSeconds,
      boolean exact,
      EstimateBench.Result estimates) {
    long created = end.at("/rows/created").asLong();
    double perSecond = options.rows() / seconds;
    double exportPerSecond = created / exportSeconds;
    System.out.printf(
        Locale.ROOT,
        "%,d rows (%,d bytes) in %.1f s, of which %.1f s to send them: %,.0f rows/s; %,d created,"
            + " %,d failed%nexport of %,d in %.1f s: %,.0f rows/s%npeak memory of %s under -Xmx%s:"
            + " %,d MiB%n%s%n%n%-20s %14s %12s%n",
        options.rows(),
        end.get("bytes").asLong(),
        seconds,
        uploadSeconds,
        perSecond,
        created,
        end.at("/rows/failed").asLong(),
        created,
        exportSeconds,
        exportPerSecond,
        AUDIENCE,
        options.heap(),
        peakBytes >> 20,
        exact ? "every count, error and exported row is right" : "SOMETHING IS WRONG",
        "process",
        "CPU µs/row",
        "peak MiB");
    used.forEach((name, usage) -> {
      if (usage.cpuMicros() > 0) {
        System.out.printf(
            Locale.ROOT,
            "%-20s %14.1f %12d%n",
            name,
            (double) usage.cpuMicros() / options.rows(),
            usage.peakBytes() >> 20);
      }
    });
    if (options.kill()) {
      System.out.println("(without what the killed process had used)");
    }
    if (options.estimates()) {
      EstimateBench.print(estimates);
    }
    if (options.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("rows", options.rows());
      json.put("created", created);
      json.put("failed", end.at("/rows/failed").asLong());
      json.put("seconds", Math.round(seconds * 1000) / 1000.0);
      json.put("upload_seconds", Math.round(uploadSeconds * 1000) / 1000.0);
      json.put("rows_per_second", Math.round(perSecond));
      json.put("export_rows_per_second", Math.round(exportPerSecond));
      json.put("heap", options.heap());
      json.put("peak_mib", peakBytes >> 20);
      json.put("killed", options.kill());
      json.put("exact", exact);
      Map<String, Object> cpu = new LinkedHashMap<>();
      used.forEach((name, usage) ->
          cpu.put(name, Math.round(10.0 * usage.cpuMicros() / options.rows()) / 10.0));
      json.put("cpu_micros_per_row", cpu);
      json.put(
          "estimates", estimates.figures().stream().map(EstimateBench.Figure::columns).toList());
      json.put("dry_run_seconds", estimates.dryRunSeconds());
      System.out.println(JsonMapper.shared().writeValueAsString(json));
    }
  }

  private static double secondsSince(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void say(String text) {
    System.err.println(text);
  }
}
