package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.Deployment;
import java.sql.SQLException;
import java.time.Duration;

/** Does what a plan says, one fault after the other; what dies is started again meanwhile. */
final class FaultInjector {

  private static final Duration HUNT = Duration.ofSeconds(40);
  private static final int ENOUGH = 2;

  private final Deployment deployment;
  private final Subject subject;
  private final Providers providers;
  private final LedgerReader ledger;
  private final Rules rules;
  private final WorkerFaults workers;
  private final Reviver reviver;
  private final RunLog log;

  FaultInjector(
      Deployment deployment,
      Subject subject,
      Providers providers,
      LedgerReader ledger,
      Rules rules,
      WorkerFaults workers,
      Reviver reviver,
      RunLog log) {
    this.deployment = deployment;
    this.subject = subject;
    this.providers = providers;
    this.ledger = ledger;
    this.rules = rules;
    this.workers = workers;
    this.reviver = reviver;
    this.log = log;
  }

  void inject(PlannedFault planned) throws SQLException {
    Patience.pass(planned.after());
    reviver.reviveTheDead();
    switch (planned.fault()) {
      case Fault.KillWorker kill -> workers.kill(kill.first());
      case Fault.StopWorker stop -> workers.stopAndWake(stop.first(), stop.afterTakeover());
      case Fault.KillService kill -> {
        reviver.kill(kill.service());
        log.say("killed " + kill.service());
      }
      case Fault.RestartBroker broker -> {
        log.say(broker.words());
        deployment.restartBroker(broker.hard());
        log.say("the broker is back");
      }
      case Fault.RestartDatabase database -> restartDatabase(database);
      case Fault.Misbehave misbehave -> misbehave(misbehave);
      case Fault.PauseAndResume pauses -> pauseAndResume(pauses);
      case Fault.PublishAgain again ->
          log.say(ledger.publishAgain(again.handovers()) + " hand-overs are published again");
    }
  }

  private void restartDatabase(Fault.RestartDatabase database) {
    if (database.overQuietHours()
        && !Patience.until(HUNT, () -> rules.onTheirWayIntoQuietHours() >= ENOUGH)) {
      log.surprise("no commands were on their way into quiet hours within " + HUNT);
    }
    log.say(database.words());
    deployment.stopDatabaseHard();
    Patience.pass(database.down());
    deployment.startDatabase();
    log.say("PostgreSQL is back");
  }

  private void misbehave(Fault.Misbehave misbehave) {
    log.say(misbehave.words());
    providers.misbehave(misbehave.how(), misbehave.seed());
    Patience.pass(misbehave.during());
    providers.behave();
  }

  private void pauseAndResume(Fault.PauseAndResume pauses) {
    log.say(pauses.words());
    for (int i = 0; i < pauses.rounds(); i++) {
      if (!subject.move("pause", "paused")) {
        log.surprise("the broadcast cannot be paused: " + subject.state());
        return;
      }
      long answered = RunLog.epochNanos();
      Patience.pass(pauses.paused());
      long resuming = RunLog.epochNanos();
      if (!subject.move("resume", "running")) {
        log.surprise("the broadcast cannot be resumed: " + subject.state());
      }
      log.paused(new Figures.Pause(answered, resuming));
      Patience.pass(pauses.running());
    }
  }
}
