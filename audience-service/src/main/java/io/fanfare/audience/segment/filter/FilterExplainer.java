package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.BehavedSince;
import io.fanfare.audience.segment.filter.Filter.Custom;
import io.fanfare.audience.segment.filter.Filter.Exists;
import io.fanfare.audience.segment.filter.Filter.HasAddress;
import io.fanfare.audience.segment.filter.Filter.InList;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filter.Inactive;
import io.fanfare.audience.segment.filter.Filter.Leaf;
import io.fanfare.audience.segment.filter.Filter.Not;
import io.fanfare.audience.segment.filter.Filter.OptedOut;
import io.fanfare.audience.segment.filter.Filter.Text;
import io.fanfare.audience.segment.filter.Filter.Time;
import io.fanfare.audience.segment.filter.Filter.Whole;
import io.fanfare.audience.segment.filter.Filter.Words;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says of every node of a filter whether it matches a contact, and what the contact has there. */
public final class FilterExplainer {

  private final @Nullable ContactFacts contact;
  private final Instant now;

  /**
   * @param contact null to see the nodes only
   */
  public FilterExplainer(@Nullable ContactFacts contact, Instant now) {
    this.contact = contact;
    this.now = now;
  }

  /** The filter, every segment in it looked up. */
  public Explanation explain(Filter filter) {
    Boolean matched = contact == null ? null : new FilterEvaluator(contact, now).matches(filter);
    return switch (filter) {
      case All all -> new Explanation("all", null, matched, null, parts(all.parts()));
      case Any any -> new Explanation("any", null, matched, null, parts(any.parts()));
      case Not not -> new Explanation("not", null, matched, null, parts(List.of(not.part())));
      case InSegment segment ->
          new Explanation(
              "segment",
              FilterWriter.write(segment),
              matched,
              null,
              segment.filter() == null ? List.of() : parts(List.of(segment.filter())));
      case Leaf leaf ->
          new Explanation(
              "leaf",
              FilterWriter.write(leaf),
              matched,
              contact == null ? null : value(contact, leaf),
              null);
    };
  }

  private List<Explanation> parts(List<Filter> parts) {
    return parts.stream().map(this::explain).toList();
  }

  private static @Nullable Object value(ContactFacts contact, Leaf leaf) {
    return switch (leaf) {
      case Exists exists -> value(contact, exists.field());
      case Whole whole -> value(contact, whole.field());
      case Text text -> value(contact, text.field());
      case Words words -> value(contact, words.field());
      case Time time -> value(contact, time.field());
      case Custom custom -> custom(contact, custom.name());
      case InList list -> contact.lists().contains(list.listId());
      case OptedOut out -> new TreeSet<>(contact.optedOut());
      case HasAddress has -> value(contact, FilterEvaluator.addressOf(has.channel()));
      case Behaved behaved ->
          contact.done().stream()
              .filter(done -> done.broadcastId().equals(behaved.broadcastId()))
              .map(FilterExplainer::done)
              .toList();
      case BehavedSince behaved -> contact.lastDone().get(behaved.behaviour());
      case Inactive inactive ->
          contact.lastDone().values().stream().max(Instant::compareTo).orElse(null);
    };
  }

  private static Map<String, Object> done(ContactFacts.Done done) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("channel", done.channel().name());
    new TreeMap<>(done.what()).forEach((what, at) -> facts.put(what.id(), at));
    if (!done.links().isEmpty()) {
      facts.put("links", new TreeSet<>(done.links()));
    }
    return facts;
  }

  private static @Nullable Object value(ContactFacts contact, ContactField field) {
    return switch (field) {
      case ID -> contact.id();
      case TELEGRAM_CHAT_ID -> contact.telegramChatId();
      case ROLES -> new TreeSet<>(contact.roles());
      case TAGS -> new TreeSet<>(contact.tags());
      case CREATED_AT -> contact.createdAt();
      case UPDATED_AT -> contact.updatedAt();
      default -> contact.text(field);
    };
  }

  private static @Nullable JsonNode custom(ContactFacts contact, String name) {
    JsonNode value = contact.custom().get(name);
    return value == null || value.isNull() ? null : value;
  }
}
