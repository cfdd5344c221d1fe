package io.fanfare.broadcast.message;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.message.MessageRequested;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import io.fanfare.support.kafka.TopicsReady;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Takes what internal systems ask for: CloudEvents in Kafka's binary mode. Whoever may write to the
 * topic speaks for every tenant; a record names its own in {@code ce_tenantid}. What cannot be done
 * goes to the dead-letter topic with the reason; what may pass with time is tried again.
 */
@Component
class ExternalEventListener {

  private static final String GROUP = Topics.Groups.BROADCAST_EXTERNAL;
  private static final int LONGEST = 500;

  /** dispatch-worker takes it. What nobody takes is set aside here. */
  private static final String OF_OTHERS = "engagement.reported";

  private final EventBatches batches;
  private final Messages messages;
  private final MessageRepository repository;

  ExternalEventListener(
      EventBatches batches, Messages messages, MessageRepository repository, TopicsReady topics) {
    this.batches = batches;
    this.messages = messages;
    this.repository = repository;
  }

  @KafkaListener(id = GROUP, groupId = GROUP, topics = "external.events")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        take(record);
      } catch (Refused | UndecodableEvent e) {
        batches.setAside(GROUP, record, String.valueOf(e.getMessage()));
      } catch (ProblemException e) {
        if (e.status().is5xxServerError()) {
          throw new TransientDataAccessResourceException(e.code() + ": " + e.detail(), e);
        }
        batches.setAside(GROUP, record, reason(e));
      } catch (DataAccessException | TransactionException e) {
        // The database is away, or busy.
        throw e;
      } catch (RuntimeException e) {
        batches.setAside(GROUP, record, "not handled: " + e);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    String type = EventRecords.typeOf(record);
    if (OF_OTHERS.equals(type)) {
      return;
    }
    if (type == null || !Topics.EXTERNAL_EVENTS.eventTypes().contains(type)) {
      throw new Refused("undecodable: unknown event type " + type);
    }
    EventKey event = new EventKey(header(record, "ce_source"), header(record, "ce_id"));
    UUID tenant = tenant(record);
    MessageRequested wanted = EventCodec.decode(MessageRequested.class, record.value());
    String externalId = wanted.externalId();
    if (externalId != null && (externalId.isEmpty() || externalId.length() > 200)) {
      throw ProblemException.invalid("/external_id", "has 1 to 200 characters");
    }
    messages.accept(
        new Identity(tenant, "event:" + event.source(), Role.SENDER),
        new NewMessage(
            wanted.contactId(),
            externalId,
            wanted.accountId(),
            wanted.templateId(),
            wanted.templateVersion(),
            wanted.variables(),
            wanted.policy(),
            wanted.category()),
        event);
  }

  private UUID tenant(ConsumerRecord<String, byte[]> record) {
    String text = header(record, "ce_tenantid");
    try {
      UUID tenant = UUID.fromString(text);
      if (repository.tenantExists(tenant)) {
        return tenant;
      }
    } catch (IllegalArgumentException e) {
      // Answered below.
    }
    throw new Refused("there is no tenant " + text);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null || header.value().length == 0) {
      throw new Refused("undecodable: no " + name + " header");
    }
    String text = new String(header.value(), StandardCharsets.UTF_8);
    if (text.length() > LONGEST || text.indexOf('\0') >= 0) {
      throw new Refused("undecodable: " + name + " has at most " + LONGEST + " characters");
    }
    return text;
  }

  private static String reason(ProblemException refusal) {
    String fields =
        refusal.errors().stream()
            .map(ExternalEventListener::sentence)
            .collect(Collectors.joining("; "));
    return refusal.code() + ": " + (fields.isEmpty() ? refusal.detail() : fields);
  }

  private static String sentence(FieldProblem problem) {
    return problem.pointer() + " " + problem.detail();
  }

  /** An event that names no request anybody could handle. */
  private static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }
}
