package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.ContactRule.Hours;
import io.fanfare.benchmark.crash.RulePlan.Group;
import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Caps, quiet hours and opt-outs during a run: sets them as people do, sends further broadcasts to
 * the same contacts at once, and goes on opting contacts out whose commands are on their way,
 * whatever is broken at the time.
 */
final class Rules {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration BETWEEN_OPT_OUTS = Duration.ofMillis(1_500);
  private static final int OPT_OUTS_AT_ONCE = 4;
  private static final int ONE_OPT_OUT_IN = 20;
  private static final int REQUESTS_AT_ONCE = 8;
  private static final int WAVES = 2;

  /** A command carried out then would be sent in them, and was released before they were near. */
  private static final Duration SOONEST = Duration.ofMillis(5_500);

  private static final Duration LATEST = Duration.ofSeconds(12);

  /** Most that are looked at. */
  private static final int MANY = 1_000;

  private final Subject subject;
  private RulePlan plan;
  private final OptingOut optingOut;
  private final LedgerReader ledger;
  private final RunLog log;
  private final Map<Integer, Long> contactIds;
  private final List<Watched> beside = new ArrayList<>();
  private final Watched quiet;
  private @Nullable Thread thread;
  private volatile boolean over;

  /** Sets what is to hold; nothing is sent yet. */
  Rules(Deployment deployment, List<String> workers, Subject subject, RulePlan plan, RunLog log)
      throws SQLException {
    this.subject = subject;
    this.plan = plan;
    this.log = log;
    this.ledger = subject.watched().ledger();
    this.contactIds = ledger.contactIds(subject.tenant(), plan.everybody());
    this.optingOut = new OptingOut(deployment, workers, subject.api(), ledger, contactIds);
    long begun = System.nanoTime();
    setCapsAndOptOuts();
    Duration setting = Duration.ofNanos(System.nanoTime() - begun);
    for (int wave = 1; wave <= WAVES; wave++) {
      beside.add(subject.draft("Wave " + wave, inWaves()));
    }
    quiet = subject.draft("Quiet throughout", plan.quietThroughout());
    beside.add(quiet);
    setHours(setting);
  }

  private List<Integer> inWaves() {
    return Stream.of(Group.CAPPED_AT_ONE, Group.CAPPED_AT_THREE, Group.CAPPED_AS_ALL)
        .flatMap(group -> plan.of(group).stream())
        .toList();
  }

  private void setCapsAndOptOuts() {
    RestClient api = subject.api();
    api.put("/api/v1/frequency-cap", Map.of("per_day", RulePlan.COMMON_CAP));
    inParallel(
        plan.ownCaps().entrySet(),
        own ->
            api.put(contact(own.getKey()) + "/frequency-cap", Map.of("per_day", own.getValue())));
    inParallel(plan.of(Group.OPTED_OUT), number -> optingOut.now(number, channel(number)));
  }

  /**
   * Last of all, because they are counted from the start.
   *
   * @param setting about how long it takes
   */
  private void setHours(Duration setting) {
    RestClient api = subject.api();
    plan = plan.beginning(Instant.now().plus(setting));
    api.put("/api/v1/quiet-hours", body(plan.commonHours()));
    inParallel(
        plan.ownHours().entrySet(),
        own ->
            api.put(
                contact(own.getKey()) + "/quiet-hours",
                own.getValue() == null ? Map.of("off", true) : body(own.getValue())));
  }

  private static Map<String, String> body(Hours hours) {
    return Map.of("from", text(hours.from()), "to", text(hours.to()));
  }

  private static String text(LocalTime time) {
    return "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
  }

  /** A third each of e-mail, of Telegram, and of everything. */
  private static @Nullable String channel(int number) {
    // Groups are spread in even steps, which may be a multiple of three.
    return switch (number / 7 % 3) {
      case 0 -> "email";
      case 1 -> "telegram";
      default -> null;
    };
  }

  private String contact(int number) {
    return "/api/v1/contacts/" + contactIds.get(number);
  }

  /** All broadcasts but the large one. */
  List<Watched> beside() {
    return List.copyOf(beside);
  }

  /** Starts the further broadcasts, and begins to opt out. */
  void begin() {
    beside.forEach(each -> subject.start(each.id()));
    thread = Thread.ofVirtual().name("opt-outs").start(this::optOutMeanwhile);
  }

  /** The small broadcast was sent: half of its readers follow the link in their mail. */
  void smallWasSent(Watched small) {
    beside.add(small);
    List<Integer> readers = plan.last();
    optingOut.byLink(small.id(), readers.subList(0, readers.size() / 2), log);
  }

  private void optOutMeanwhile() {
    int most = Math.max(OPT_OUTS_AT_ONCE, plan.everybody() / ONE_OPT_OUT_IN);
    int done = 0;
    while (!over && done < most) {
      try {
        for (LedgerReader.OnItsWay each : ledger.onTheirWay(OPT_OUTS_AT_ONCE)) {
          done++;
          optingOut.now(each.number(), done % 3 == 0 ? null : each.recipient().channel());
        }
      } catch (SQLException | IllegalStateException e) {
        // Something is down: asked for again.
      }
      Patience.pass(BETWEEN_OPT_OUTS);
    }
  }

  /** How many commands wait whose contacts' quiet hours begin in a moment. */
  int onTheirWayIntoQuietHours() throws SQLException {
    Map<Integer, ContactRule> rules = plan.rules();
    long now = RunLog.epochNanos();
    int count = 0;
    for (LedgerReader.OnItsWay each : ledger.onTheirWay(MANY)) {
      ContactRule rule = rules.get(each.number());
      if (rule != null
          && !rule.isQuietAt(now + SOONEST.toNanos())
          && rule.isQuietAt(now + LATEST.toNanos())) {
        count++;
      }
    }
    return count;
  }

  /** Opts nobody out any more. */
  void end() {
    over = true;
    optingOut.end();
    Thread running = thread;
    if (running != null) {
      try {
        running.join(PATIENCE);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Whether all further broadcasts have done what they can; those who are quiet still wait. */
  boolean settled() {
    for (Watched each : beside) {
      JsonNode progress = subject.progress(each.id());
      if (each.equals(quiet)
          ? progress.get("in_flight").asLong() + progress.get("retrying").asLong() > 0
          : !progress.get("state").asString().equals("completed")) {
        return false;
      }
    }
    return true;
  }

  /**
   * Cancels the broadcast to those who are quiet.
   *
   * @return who waited for the end of quiet hours until then
   */
  Set<Recipient> cancelQuiet() throws SQLException {
    Set<Recipient> putOff = quiet.ledger().pending();
    subject.move(quiet.id(), "cancel", "cancelled");
    Patience.until(PATIENCE, () -> subject.progress(quiet.id()).get("pending").asLong() == 0);
    return putOff;
  }

  boolean isQuiet(Watched watched) {
    return watched.equals(quiet);
  }

  /**
   * What was configured and asked for.
   *
   * @param broadcasts what came of each
   */
  RuleFigures figures(List<RuleFigures.OfBroadcast> broadcasts) {
    Map<Recipient, Integer> contacts = new LinkedHashMap<>();
    for (int number = 0; number < plan.everybody(); number++) {
      for (Recipient recipient : Subject.recipients(List.of(number))) {
        contacts.put(recipient, number);
      }
    }
    return new RuleFigures(contacts, plan.rules(), optingOut.all(), broadcasts);
  }

  private interface Action<T> {
    void run(T each);
  }

  private static <T> void inParallel(Collection<T> all, Action<T> action) {
    Semaphore slots = new Semaphore(REQUESTS_AT_ONCE);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (T each : all) {
        running.add(
            executor.submit(() -> {
              slots.acquire();
              try {
                action.run(each);
              } finally {
                slots.release();
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
