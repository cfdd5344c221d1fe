package io.fanfare.audience.optout;

import io.fanfare.audience.category.Category;
import io.fanfare.audience.category.CategoryRepository;
import io.fanfare.audience.suppression.SuppressionEditor;
import io.fanfare.audience.suppression.SuppressionReason;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Opts out, of the message's category or else of its channel, whoever unsubscribed, and of its
 * channel whoever complained or cannot be reached. Opts out, of the message's channel, whoever
 * unsubscribed or complained, and suppresses addresses that complained or cannot be reached.
 */
@Component
class EngagementListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_ENGAGEMENT;
  private static final String SOURCE = "engagement";

  private static final Set<String> OURS =
      Set.of(type(Kind.UNSUBSCRIBED), type(Kind.COMPLAINED), type(Kind.BOUNCED));

  /** A contact and what it is opted out of, in the order contacts are locked. */
  private record Target(UUID tenantId, long contactId, Channel channel, @Nullable String category) {

    static final Comparator<Target> LOCK_ORDER =
        Comparator.comparing(Target::tenantId)
            .thenComparingLong(Target::contactId)
            .thenComparing(target -> target.channel().name())
            .thenComparing(target -> String.valueOf(target.category()));

    OptOutScope scope() {
      return category == null ? OptOutScope.of(channel) : OptOutScope.ofCategory(category);
    }
  }

  private final EventBatches batches;
  private final OptOutEditor editor;
  private final CategoryRepository categories;
  private final SuppressionEditor suppressions;
  private final TransactionOperations transaction;

  EngagementListener(
      EventBatches batches,
      OptOutEditor editor,
      CategoryRepository categories,
      SuppressionEditor suppressions,
      TransactionOperations transaction) {
    this.batches = batches;
    this.editor = editor;
    this.categories = categories;
    this.suppressions = suppressions;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).ENGAGEMENT_EVENTS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    // By the header: of thousands of events a second hardly any is one of these.
    List<ConsumerRecord<String, byte[]>> ours =
        records.stream().filter(record -> mayBeOurs(EventRecords.typeOf(record))).toList();
    if (!ours.isEmpty()) {
      batches.handle(GROUP, EngagementEvent.class, ours, this::take);
    }
  }

  private static boolean mayBeOurs(@Nullable String type) {
    return type == null || OURS.contains(type);
  }

  private static String type(Kind kind) {
    return "engagement." + kind.id();
  }

  // Each in its own transaction, so that contacts are locked in one order; both may be repeated.
  private void take(List<EngagementEvent> events) {
    suppress(events);
    optOut(events);
  }

  private void suppress(List<EngagementEvent> events) {
    SortedMap<UUID, List<SuppressionEditor.Told>> byTenant = new TreeMap<>();
    for (EngagementEvent event : events) {
      SuppressionReason reason = EngagementPolicy.reasonToSuppress(event);
      if (reason != null) {
        byTenant
            .computeIfAbsent(event.tenantId(), any -> new ArrayList<>())
            .add(
                new SuppressionEditor.Told(
                    event.contactId(),
                    event.channel(),
                    reason,
                    SOURCE,
                    event.status(),
                    event.detail(),
                    event.addressCheck()));
      }
    }
    byTenant.forEach(suppressions::suppress);
  }

  private void optOut(List<EngagementEvent> events) {
    SortedMap<Target, String> reasons = new TreeMap<>(Target.LOCK_ORDER);
    for (EngagementEvent event : events) {
      String reason = EngagementPolicy.reasonToOptOut(event);
      if (reason != null) {
        reasons.putIfAbsent(
            new Target(event.tenantId(), event.contactId(), event.channel(), category(event)),
            reason);
      }
    }
    if (reasons.isEmpty()) {
      return;
    }
    transaction.executeWithoutResult(status ->
        reasons.forEach((target, reason) ->
            editor.optOutIfThere(
                Identity.system(target.tenantId()),
                target.contactId(),
                target.scope(),
                reason,
                SOURCE)));
  }

  private @Nullable String category(EngagementEvent event) {
    String category = EngagementPolicy.category(event);
    return category == null
        ? null
        : categories
            .named(event.tenantId(), category)
            .filter(found -> !found.mandatory())
            .map(Category::name)
            .orElse(null);
  }
}
