package io.fanfare.benchmark.crash;

import java.time.Duration;

/** Something that goes wrong. */
sealed interface Fault {

  /** About how long it takes until the next one can begin. */
  Duration estimate();

  /** In words, for the printed plan. */
  String words();

  /** SIGKILL while it has claims without a result; it is started again at once. */
  record KillWorker(String first) implements Fault {
    @Override
    public Duration estimate() {
      return Duration.ofSeconds(3);
    }

    @Override
    public String words() {
      return "kill " + first + ", or the next worker with open claims";
    }
  }

  /** SIGSTOP while it has open claims, SIGCONT some time after another worker took them over. */
  record StopWorker(String first, Duration afterTakeover) implements Fault {
    @Override
    public Duration estimate() {
      return Duration.ofSeconds(10).plus(afterTakeover);
    }

    @Override
    public String words() {
      return "stop "
          + first
          + ", or the next worker with open claims, and wake it "
          + seconds(afterTakeover)
          + " after it was taken over";
    }
  }

  /** SIGKILL; started again at once. */
  record KillService(String service) implements Fault {
    @Override
    public Duration estimate() {
      return Duration.ofSeconds(1);
    }

    @Override
    public String words() {
      return "kill " + service;
    }
  }

  /** The broker ends and starts again. */
  record RestartBroker(boolean hard) implements Fault {
    @Override
    public Duration estimate() {
      return Duration.ofSeconds(10);
    }

    @Override
    public String words() {
      return hard ? "kill the broker and start it again" : "restart the broker";
    }
  }

  /**
   * PostgreSQL stops at once and starts again later.
   *
   * @param overQuietHours not before quiet hours are about to begin for contacts whose commands
   *     wait in the workers
   */
  record RestartDatabase(Duration down, boolean overQuietHours) implements Fault {

    /** As soon as it is its turn. */
    RestartDatabase(Duration down) {
      this(down, false);
    }

    @Override
    public Duration estimate() {
      // Until some are found.
      return down.plusSeconds(overQuietHours ? 32 : 3);
    }

    @Override
    public String words() {
      return "stop PostgreSQL at once for "
          + seconds(down)
          + (overQuietHours ? ", while quiet hours begin" : "");
    }
  }

  /** The providers behave badly for a while. */
  record Misbehave(Misbehaviour how, Duration during, long seed) implements Fault {
    @Override
    public Duration estimate() {
      return during;
    }

    @Override
    public String words() {
      return how.words() + " for " + seconds(during);
    }
  }

  /** Pause and resume in turn. */
  record PauseAndResume(int rounds, Duration paused, Duration running) implements Fault {
    @Override
    public Duration estimate() {
      return paused.plus(running).multipliedBy(rounds);
    }

    @Override
    public String words() {
      return rounds + " times pause for " + seconds(paused) + " and resume for " + seconds(running);
    }
  }

  /** The newest hand-overs are published a second time. */
  record PublishAgain(int handovers) implements Fault {
    @Override
    public Duration estimate() {
      return Duration.ZERO;
    }

    @Override
    public String words() {
      return "publish the newest " + handovers + " hand-overs a second time";
    }
  }

  /** What providers do. */
  enum Misbehaviour {
    STALL("the providers answer late"),
    STORM("the providers answer 429 and 421 to most"),
    REFUSE("the providers answer 451, 429, 421 and 502 to some"),
    RESET("the providers close connections without taking the message"),
    DROP_ANSWERS("the providers take messages and close connections without an answer");

    private final String words;

    Misbehaviour(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
