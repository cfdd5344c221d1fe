package io.fanfare.broadcast.message;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.broadcast.message.MessageState.Standing;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says where messages stand: what the workers' ledger knows, else what audience-service skipped,
 * else they wait.
 */
@Component
class MessageStates {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private record Key(UUID broadcastId, long contactId) {}

  private record Recipient(
      LocalDate ledgerDay, UUID broadcastId, long contactId, Channel channel) {}

  private record Recorded(
      UUID broadcastId,
      long contactId,
      int attempt,
      Bucket bucket,
      Instant at,
      @Nullable Cause cause,
      @Nullable Instant retryAt,
      @Nullable String providerMessageId) {}

  private record Asked(UUID messageId, UUID broadcastId) {}

  private final BackendClient backend;
  private final JsonMapper json;

  MessageStates(BackendClient backend, JsonMapper json) {
    this.backend = backend;
    this.json = json.rebuild().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  }

  /**
   * Views of messages of a tenant, in their order.
   *
   * @throws ProblemException 502 when a service that knows does not answer
   */
  List<MessageView> views(UUID tenantId, List<Message> messages) {
    if (messages.isEmpty()) {
      return List.of();
    }
    Map<Key, Recorded> ledger = ledger(tenantId, messages);
    List<Message> unrecorded =
        messages.stream().filter(message -> !ledger.containsKey(key(message))).toList();
    Map<UUID, String> skipped = unrecorded.isEmpty() ? Map.of() : skipped(tenantId, unrecorded);
    List<MessageView> views = new ArrayList<>(messages.size());
    for (Message message : messages) {
      views.add(
          MessageView.of(
              message, standing(message, ledger.get(key(message)), skipped.get(message.id()))));
    }
    return views;
  }

  private static Standing standing(
      Message message, @Nullable Recorded recorded, @Nullable String skipped) {
    if (recorded != null) {
      return new Standing(
          MessageState.of(recorded.bucket()),
          recorded.cause(),
          recorded.attempt(),
          recorded.retryAt(),
          recorded.at(),
          recorded.providerMessageId());
    }
    if (skipped != null) {
      return new Standing(
          MessageState.SKIPPED,
          new Cause(skipped, "skipped before it was sent", null),
          null,
          null,
          null,
          null);
    }
    StateReason reason = message.run().reason();
    if (message.run().state() == BroadcastState.FAILED && reason != null) {
      return new Standing(
          MessageState.CANCELLED,
          new Cause(reason.code(), reason.detail(), null),
          null,
          null,
          null,
          null);
    }
    return Standing.ACCEPTED;
  }

  private Map<Key, Recorded> ledger(UUID tenantId, List<Message> messages) {
    List<Recipient> recipients =
        messages.stream()
            .map(message ->
                new Recipient(
                    message.run().day(),
                    message.run().id(),
                    message.contactId(),
                    message.run().control().channels().getFirst().channel()))
            .toList();
    Map<Key, Recorded> byKey = new HashMap<>();
    ask(
            tenantId,
            backend.backends().dispatchUrl(),
            "/internal/v1/recipients",
            recipients,
            new TypeReference<List<Recorded>>() {})
        .forEach(
            recorded -> byKey.put(new Key(recorded.broadcastId(), recorded.contactId()), recorded));
    return byKey;
  }

  private Map<UUID, String> skipped(UUID tenantId, List<Message> messages) {
    return ask(
        tenantId,
        backend.backends().audienceUrl(),
        "/internal/v1/messages/skipped",
        messages.stream().map(message -> new Asked(message.id(), message.run().id())).toList(),
        new TypeReference<Map<UUID, String>>() {});
  }

  private <T> T ask(
      UUID tenantId, URI service, String path, Object question, TypeReference<T> answerType) {
    HttpResponse<InputStream> answer =
        backend.exchange(
            backend
                .request(service, path, Identity.system(tenantId))
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(question)))
                .build());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == 200) {
        return json.readValue(body, answerType);
      }
    } catch (IOException | JacksonException e) {
      // Answered below: what cannot be read is as little an answer as another status.
    }
    throw ProblemException.badGateway(
        "backend_unavailable", "where the message stands cannot be had right now");
  }

  private static Key key(Message message) {
    return new Key(message.run().id(), message.contactId());
  }
}
