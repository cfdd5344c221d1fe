package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.broadcast.BroadcastView;
import io.fanfare.broadcast.broadcast.Broadcasts;
import io.fanfare.broadcast.broadcast.recipient.RecipientSources.Asked;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Engagement;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Ledger;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Own;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Retries;
import io.fanfare.broadcast.broadcast.recipient.TimelinePlanner.Planned;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.support.problem.ProblemException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Asks every owner of what one contact went through in one broadcast. */
@Component
class Timelines {

  private final Broadcasts broadcasts;
  private final Recipients recipients;
  private final RecipientClient client;

  Timelines(Broadcasts broadcasts, Recipients recipients, RecipientClient client) {
    this.broadcasts = broadcasts;
    this.recipients = recipients;
    this.client = client;
  }

  /**
   * @throws ProblemException 404 when the tenant has no such broadcast or the contact is no
   *     recipient of it, 410 when nobody knows any more whether it was, 502 when an owner does not
   *     answer
   */
  Timeline read(UUID tenantId, UUID broadcastId, long contactId) {
    BroadcastView broadcast = broadcasts.get(tenantId, broadcastId);
    Asked asked = recipients.find(tenantId, broadcastId, null);
    if (asked == null) {
      throw ProblemException.notFound("recipient", contactId);
    }
    TimelineFacts facts = facts(asked, broadcast, contactId);
    Planned planned = TimelinePlanner.plan(facts, contactId);
    if (planned.recipients().isEmpty()) {
      throw facts.ledger().isExpired()
          ? Recipients.expired(asked)
          : ProblemException.notFound("recipient", contactId);
    }
    List<Recipient> named = recipients.named(asked, planned.recipients());
    return new Timeline(
        broadcastId,
        contactId,
        named.getFirst().externalId(),
        named,
        planned.events(),
        facts.ledger().isExpired() ? true : null,
        Boolean.TRUE.equals(facts.engagement().forgotten()) ? true : null);
  }

  private TimelineFacts facts(Asked asked, BroadcastView broadcast, long contactId) {
    String path = "/internal/v1/broadcasts/" + asked.broadcastId() + "/recipients/" + contactId;
    return new TimelineFacts(
        broadcast.channels().stream().map(choice -> choice.channel().name()).toList(),
        broadcast.channelMode() == ChannelMode.FALLBACK,
        broadcast.audience().include() == null ? List.of() : broadcast.audience().include(),
        // What was handed over is asked for last: so it is in one of the two, or in both.
        get(asked, client.audience(), path, new TypeReference<Own>() {}),
        get(
            asked,
            client.ledger(),
            path + "?day=" + asked.ledgerDay(),
            new TypeReference<Ledger>() {}),
        get(asked, client.retries(), path, new TypeReference<Retries>() {}),
        get(asked, client.analytics(), path, new TypeReference<Engagement>() {}));
  }

  private <T> T get(Asked asked, URI owner, String path, TypeReference<T> type) {
    return client.get(asked.tenantId(), owner, path, type);
  }
}
