package io.fanfare.audience.release;

import io.fanfare.audience.PoolProperties;
import io.fanfare.audience.release.LaneWork.LaneFigures;
import io.fanfare.audience.run.GlobalStopRepository;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;

/** One look at every lane: what has credit is handed over, then published. */
@Component
class ReleaseCycle {

  /** No further lane is begun then; bounds the commands in memory to about 24 MB. */
  static final int MAX_COMMANDS = 20_000;

  private static final Logger log = LoggerFactory.getLogger(ReleaseCycle.class);

  private final LaneRepository lanes;
  private final LaneReleaser releaser;
  private final CommandPublisher publisher;
  private final PendingCanceller canceller;
  private final GlobalStopRepository stops;
  private final CreditPolicy credit;
  private final PoolProperties pools;
  private final Counter released;
  private final DistributionSummary releasedAtOnce;
  private final Timer duration;

  ReleaseCycle(
      LaneRepository lanes,
      LaneReleaser releaser,
      CommandPublisher publisher,
      PendingCanceller canceller,
      GlobalStopRepository stops,
      CreditPolicy credit,
      PoolProperties pools,
      MeterRegistry metrics) {
    this.lanes = lanes;
    this.releaser = releaser;
    this.publisher = publisher;
    this.canceller = canceller;
    this.stops = stops;
    this.credit = credit;
    this.pools = pools;
    this.released =
        Counter.builder("fanfare.commands.released")
            .description("Commands handed over to the workers, those published again left out")
            .register(metrics);
    this.releasedAtOnce =
        DistributionSummary.builder("fanfare.commands.released.at.once")
            .description("Commands handed over in one look at every lane")
            .register(metrics);
    this.duration =
        Timer.builder("fanfare.release.cycle")
            .description("Time of one look at every lane, publishing included")
            .register(metrics);
  }

  /** Answers whether there is more to release right now. */
  boolean run() {
    return Boolean.TRUE.equals(duration.record(this::cycle));
  }

  private boolean cycle() {
    canceller.cancelPending();
    if (stops.isOn()) {
      return false;
    }
    boolean moreUnpublished = publisher.publishAgain();
    List<LaneWork> work = new ArrayList<>(lanes.findWork(pools.maxPerUser()));
    // So that instances meet less often, and the bound below never leaves out the same lanes.
    Collections.shuffle(work);
    // Lanes with single messages first: nothing they need waits for the others.
    work.sort(Comparator.comparing(lane -> !lane.urgent()));
    boolean more = false;
    CommandPublisher.Publication publication = publisher.begin();
    try {
      for (LaneWork lane : work) {
        if (!worthReleasing(lane)) {
          continue;
        }
        if (publication.size() >= MAX_COMMANDS) {
          more = true;
          break;
        }
        int before = publication.size();
        release(lane, publication);
        more |= publication.size() - before >= LaneReleaser.MAX_PER_TRANSACTION;
      }
    } finally {
      // What is committed must go out even when a later lane failed.
      publication.finish();
    }
    released.increment(publication.size());
    releasedAtOnce.record(publication.size());
    return more || moreUnpublished;
  }

  /** What one lane cannot do must not keep the others from it. */
  private void release(LaneWork lane, CommandPublisher.Publication publication) {
    try {
      releaser.release(lane).forEach(publication::add);
    } catch (ConcurrencyFailureException e) {
      log.debug("lost a race for lane {}, trying again: {}", lane.lane(), e.toString());
    } catch (RuntimeException e) {
      log.error("nothing is released on lane {}: {}", lane.lane(), e.getMessage(), e);
    }
  }

  private boolean worthReleasing(LaneWork work) {
    LaneFigures figures = work.figures();
    int lookAhead =
        credit.lookAhead(figures.ratePerSecond(), figures.shards(), figures.resultsPerSecond());
    if (work.urgent() && credit.urgentCredit(lookAhead, figures.outstanding()) > 0) {
      return true;
    }
    return credit.worthReleasing(
        credit.credit(lookAhead, figures.outstanding()), lookAhead, work.begins(lookAhead));
  }
}
