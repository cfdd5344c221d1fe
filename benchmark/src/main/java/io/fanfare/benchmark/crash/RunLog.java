package io.fanfare.benchmark.crash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What was really done to a deployment, and what was seen on the way. */
final class RunLog {

  private final Consumer<String> console;
  private final long begun = epochNanos();
  private final List<Kill> kills = new CopyOnWriteArrayList<>();
  private final List<Figures.Pause> pauses = new CopyOnWriteArrayList<>();
  private final List<Stop> stops = new CopyOnWriteArrayList<>();
  private final List<String> surprises = new CopyOnWriteArrayList<>();

  /**
   * A worker that was killed.
   *
   * @param incarnation its number
   * @param openClaims what it left open
   */
  record Kill(String worker, long incarnation, int openClaims, Instant at) {}

  /**
   * A worker that stood still until others took it over.
   *
   * @param openClaims what it had claimed and not recorded, by broadcast
   * @param woken when it went on, nanoseconds since the epoch
   */
  record Stop(Map<String, Set<Recipient>> openClaims, long woken) {

    Figures.Stop of(String broadcast) {
      return new Figures.Stop(openClaims.getOrDefault(broadcast, Set.of()), woken);
    }
  }

  RunLog(Consumer<String> console) {
    this.console = console;
  }

  void say(String text) {
    console.accept("%6.1f s  %s".formatted(secondsAt(epochNanos()), text));
  }

  /** An instant, nanoseconds since the epoch, as the printed lines show it. */
  double secondsAt(long nanos) {
    return (nanos - begun) / 1e9;
  }

  /** Something that was not planned and that somebody should look at. */
  void surprise(String text) {
    surprises.add(text);
    say("! " + text);
  }

  void killed(Kill kill) {
    kills.add(kill);
  }

  void paused(Figures.Pause pause) {
    pauses.add(pause);
  }

  void stopped(Stop stop) {
    stops.add(stop);
  }

  List<Kill> kills() {
    return new ArrayList<>(kills);
  }

  List<Figures.Pause> pauses() {
    return new ArrayList<>(pauses);
  }

  /** With what was open of a broadcast. */
  List<Figures.Stop> stops(String broadcast) {
    return stops.stream().map(stop -> stop.of(broadcast)).toList();
  }

  List<String> surprises() {
    return new ArrayList<>(surprises);
  }

  /** Now, as providers and figures count it. */
  static long epochNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
