package io.fanfare.audience.optout;

import io.fanfare.audience.contact.ContactChats;
import io.fanfare.audience.suppression.SuppressionEditor;
import io.fanfare.audience.suppression.SuppressionReason;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSignal.Kind;
import io.fanfare.contract.engagement.AddressCheck;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.kafka.EventBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Does what people told a bot: links chats with contacts, opts out of Telegram and in again; and
 * suppresses e-mail addresses at which there is nobody. A signal of an address nobody has is passed
 * over.
 */
@Component
class SignalListener {

  private static final Logger LOG = LoggerFactory.getLogger(SignalListener.class);
  private static final String GROUP = Topics.Groups.AUDIENCE_SIGNAL;
  private static final String SOURCE = "telegram";
  private static final String REFUSED_BY = "broadcast:";

  private final EventBatches batches;
  private final ContactChats chats;
  private final OptOutEditor editor;
  private final SuppressionEditor suppressions;
  private final TransactionOperations transaction;

  SignalListener(
      EventBatches batches,
      ContactChats chats,
      OptOutEditor editor,
      SuppressionEditor suppressions,
      TransactionOperations transaction) {
    this.batches = batches;
    this.chats = chats;
    this.editor = editor;
    this.suppressions = suppressions;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).CONTACT_SIGNAL.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, ContactSignal.class, records, this::take);
  }

  private void take(List<ContactSignal> signals) {
    suppress(signals);
    // Each for itself and in order: two batches that lock several contacts could wait for another.
    signals.stream()
        .filter(signal -> signal.kind() != Kind.UNREACHABLE)
        .forEach(signal -> transaction.executeWithoutResult(status -> obey(signal)));
  }

  /** All at once: a broadcast to a bought list tells of thousands in seconds. */
  private void suppress(List<ContactSignal> signals) {
    SortedMap<UUID, List<SuppressionEditor.Told>> byTenant = new TreeMap<>();
    for (ContactSignal signal : signals) {
      Long contact = signal.contactId();
      ContactSignal.Refusal refusal = signal.refusal();
      if (signal.kind() == Kind.UNREACHABLE && contact != null && refusal != null) {
        byTenant
            .computeIfAbsent(signal.tenantId(), any -> new ArrayList<>())
            .add(
                new SuppressionEditor.Told(
                    contact,
                    signal.channel(),
                    SuppressionReason.HARD_BOUNCE,
                    REFUSED_BY + refusal.broadcastId(),
                    refusal.status(),
                    refusal.detail(),
                    AddressCheck.of(signal.address())));
      }
    }
    byTenant.forEach(suppressions::suppress);
  }

  private void obey(ContactSignal signal) {
    if (!signal.channel().equals(Channel.TELEGRAM)) {
      return;
    }
    long chat;
    try {
      chat = Long.parseLong(signal.address());
    } catch (NumberFormatException e) {
      LOG.warn("a signal of {} names no chat", signal.accountId());
      return;
    }
    Identity who = Identity.system(signal.tenantId());
    switch (signal.kind()) {
      case LINKED -> {
        Long contact = signal.contactId();
        if (contact != null && chats.link(who, contact, chat)) {
          editor.optIn(who, contact, Channel.TELEGRAM);
        }
      }
      case STARTED ->
          chats
              .of(signal.tenantId(), chat)
              .forEach(contact -> editor.optIn(who, contact, Channel.TELEGRAM));
      case STOPPED -> optOut(who, chat, "stopped");
      case BLOCKED -> optOut(who, chat, "blocked");
      case UNREACHABLE -> {}
    }
  }

  private void optOut(Identity who, long chat, String reason) {
    for (long contact : chats.of(who.tenant(), chat)) {
      editor.optOutIfThere(who, contact, Channel.TELEGRAM, reason, SOURCE);
    }
  }
}
