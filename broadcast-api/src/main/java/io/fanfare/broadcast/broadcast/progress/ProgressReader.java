package io.fanfare.broadcast.broadcast.progress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fanfare.broadcast.broadcast.BroadcastView;
import io.fanfare.broadcast.broadcast.Broadcasts;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * How far broadcasts are. Everybody who watches one shares an answer for a quarter of a second, so
 * that a thousand watchers ask audience-service no more often than one.
 */
@Component
class ProgressReader {

  private static final Duration FRESH = Duration.ofMillis(250);
  private static final Duration REMEMBER_RATES = Duration.ofMinutes(1);
  private static final int MAX_WATCHED = 10_000;

  /** The version: whoever has just changed a broadcast sees the change. */
  private record Key(UUID broadcastId, long version) {}

  private final Broadcasts broadcasts;
  private final ProgressClient client;
  private final Clock clock;
  private final Cache<Key, BroadcastProgress> answers =
      Caffeine.newBuilder().maximumSize(MAX_WATCHED).expireAfterWrite(FRESH).build();
  private final Cache<UUID, RateEstimate> rates =
      Caffeine.newBuilder().maximumSize(MAX_WATCHED).expireAfterAccess(REMEMBER_RATES).build();

  ProgressReader(Broadcasts broadcasts, ProgressClient client, Clock clock) {
    this.broadcasts = broadcasts;
    this.client = client;
    this.clock = clock;
  }

  /**
   * @throws ProblemException 404 when the tenant has no such broadcast, 502 when audience-service
   *     does not answer
   */
  BroadcastProgress progress(Identity who, UUID broadcastId) {
    BroadcastView broadcast = broadcasts.get(who.tenant(), broadcastId);
    Key key = new Key(broadcastId, broadcast.version());
    return answers.get(key, asked -> read(who, broadcast));
  }

  private BroadcastProgress read(Identity who, BroadcastView broadcast) {
    if (broadcast.startedAt() == null) {
      return ProgressPlanner.compose(broadcast, AudienceProgress.NOTHING, null, clock.instant());
    }
    AudienceProgress audience = client.progress(who, broadcast.id());
    RateEstimate rate = rates.get(broadcast.id(), first -> new RateEstimate());
    // Two versions of a broadcast may be read at once; samples of one are taken in turn.
    synchronized (rate) {
      Instant now = clock.instant();
      if (audience.frozen()) {
        rate.add(now, audience.ended());
      }
      return ProgressPlanner.compose(broadcast, audience, rate.perSecond(), now);
    }
  }
}
