package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.RuleFigures.OptOut;
import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.SampleAudience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Opts contacts out, over REST and by the links in their mails, and remembers since when it holds.
 */
final class OptingOut {

  private static final String EMAIL = "email";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Pattern LINK = Pattern.compile("(?i)list-unsubscribe:\\s*<([^>]+)>");

  private final Deployment deployment;
  private final List<String> workers;
  private final RestClient api;
  private final LedgerReader ledger;
  private final Map<Integer, Long> contactIds;
  private final List<OptOut> all = new CopyOnWriteArrayList<>();
  private final List<Thread> readers = new CopyOnWriteArrayList<>();

  OptingOut(
      Deployment deployment,
      List<String> workers,
      RestClient api,
      LedgerReader ledger,
      Map<Integer, Long> contactIds) {
    this.deployment = deployment;
    this.workers = workers;
    this.api = api;
    this.ledger = ledger;
    this.contactIds = contactIds;
  }

  List<OptOut> all() {
    return List.copyOf(all);
  }

  /**
   * Over REST, until it is answered that it holds.
   *
   * @param channel null for every channel
   */
  void now(int number, @Nullable String channel) {
    long asked = RunLog.epochNanos();
    boolean holds =
        Patience.until(
            PATIENCE,
            () ->
                api.exchange(
                            "PUT",
                            optOuts(number),
                            channel == null ? Map.of() : Map.of("channel", channel))
                        .status()
                    == 200);
    all.add(new OptOut(number, channel, asked, holds ? RunLog.epochNanos() : Long.MAX_VALUE));
  }

  private String optOuts(int number) {
    return "/api/v1/contacts/" + contactIds.get(number) + "/opt-outs";
  }

  /** By the one click of RFC 8058, each on a thread of his own. */
  void byLink(String broadcast, List<Integer> numbers, RunLog log) {
    for (int number : numbers) {
      readers.add(Thread.ofVirtual().name("reader").start(() -> byLink(broadcast, number, log)));
    }
  }

  private void byLink(String broadcast, int number, RunLog log) {
    String link = link(broadcast, number);
    if (link == null) {
      log.say("no mail of the small broadcast for " + SampleAudience.email(number));
      return;
    }
    long asked = RunLog.epochNanos();
    boolean known =
        Patience.until(PATIENCE, () -> click(link))
            && Patience.until(PATIENCE, () -> isKnown(number));
    if (!known) {
      log.surprise("an unsubscription by a link is not known after " + PATIENCE);
    }
    all.add(new OptOut(number, EMAIL, asked, known ? RunLog.epochNanos() : Long.MAX_VALUE));
  }

  private @Nullable String link(String broadcast, int number) {
    RestClient simulators = deployment.simulators();
    String address = SampleAudience.email(number);
    for (JsonNode mail :
        simulators.get("/simulator/messages?channel=email&address=" + address).get("items")) {
      if (mail.path("marker").asString("").equals(broadcast)) {
        String raw =
            simulators
                .exchange("GET", "/simulator/messages/" + mail.get("id").asLong() + "/raw", null)
                .text();
        Matcher link = LINK.matcher(raw);
        return link.find() ? URI.create(link.group(1)).getPath() : null;
      }
    }
    return null;
  }

  /** At any worker that answers. */
  private boolean click(String path) throws InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String worker : workers) {
        HttpRequest request =
            HttpRequest.newBuilder(deployment.url(worker).resolve(path))
                .timeout(ANSWER)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click"))
                .build();
        try {
          if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return true;
          }
        } catch (IOException e) {
          // The next one.
        }
      }
    }
    return false;
  }

  /** The answer of a link is a promise to read it; from here on it is one about sends. */
  private boolean isKnown(int number) throws Exception {
    for (JsonNode each : api.get(optOuts(number)).get("items")) {
      if (each.path("channel").asString("").equals(EMAIL)) {
        return ledger.suppressionsPublished();
      }
    }
    return false;
  }

  /** Waits for those who follow links. */
  void end() {
    try {
      for (Thread reader : readers) {
        reader.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
