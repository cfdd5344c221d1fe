package io.fanfare.dispatch.engagement;

import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.support.Ids;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes events of what recipients' programs ask for, and knows when the broker has them. */
@Component
class EngagementRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EngagementRecorder.class);

  private final EngagementPublisher publisher;
  private final EngagementSettings settings;
  private final Clock clock;
  private final MeterRegistry registry;
  private final Counter unrecorded;

  EngagementRecorder(
      EngagementPublisher publisher,
      EngagementSettings settings,
      Clock clock,
      MeterRegistry registry) {
    this.publisher = publisher;
    this.settings = settings;
    this.clock = clock;
    this.registry = registry;
    this.unrecorded =
        Counter.builder("fanfare.engagement.unrecorded")
            .description("Requests of recipients whose event the broker did not acknowledge")
            .register(registry);
  }

  /**
   * Publishes what a request says its recipient did; returns when the broker has it.
   *
   * @param tenantId whose message it was
   * @param target with a click, where the link leads
   * @param eventId what makes a repetition of it the same event
   * @return false when the broker did not acknowledge it
   */
  boolean record(
      Kind kind,
      LinkToken token,
      UUID tenantId,
      @Nullable String target,
      UUID eventId,
      HttpServletRequest request) {
    Instant now = clock.instant();
    String machine =
        EngagementVerdict.of(
            request.getMethod(),
            request.getHeader("User-Agent"),
            purpose(request),
            token.sentAt(),
            now,
            settings.tooSoon());
    EngagementEvent event =
        new EngagementEvent(
            eventId,
            kind,
            tenantId,
            token.broadcastId(),
            token.contactId(),
            token.channel(),
            token.variant(),
            token.link() == 0 ? null : token.link(),
            target,
            null,
            null,
            now,
            token.sentAt(),
            token.utcOffset(),
            // Who posts a form, or has a mail program post it, means it.
            kind == Kind.UNSUBSCRIBED ? null : machine);
    registry
        .counter(
            "fanfare.engagement.events",
            "kind",
            kind.id(),
            "by",
            machine == null ? "human" : machine)
        .increment();
    try {
      publisher.publish(List.of(event)).join();
      return true;
    } catch (CompletionException e) {
      unrecorded.increment();
      LOG.warn("an event of kind {} is not recorded: {}", kind.id(), String.valueOf(e.getCause()));
      return false;
    }
  }

  /** The same, of something that is an event of its own each time. */
  boolean record(
      Kind kind,
      LinkToken token,
      UUID tenantId,
      @Nullable String target,
      HttpServletRequest request) {
    return record(kind, token, tenantId, target, Ids.next(), request);
  }

  private static @Nullable String purpose(HttpServletRequest request) {
    String purpose = request.getHeader("Sec-Purpose");
    return purpose == null ? request.getHeader("Purpose") : purpose;
  }
}
