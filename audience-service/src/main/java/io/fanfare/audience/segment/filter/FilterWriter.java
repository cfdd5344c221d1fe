package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.BehavedSince;
import io.fanfare.audience.segment.filter.Filter.Comparison;
import io.fanfare.audience.segment.filter.Filter.CustomAny;
import io.fanfare.audience.segment.filter.Filter.CustomContains;
import io.fanfare.audience.segment.filter.Filter.CustomDate;
import io.fanfare.audience.segment.filter.Filter.CustomElement;
import io.fanfare.audience.segment.filter.Filter.CustomExists;
import io.fanfare.audience.segment.filter.Filter.CustomIn;
import io.fanfare.audience.segment.filter.Filter.CustomNe;
import io.fanfare.audience.segment.filter.Filter.CustomNumber;
import io.fanfare.audience.segment.filter.Filter.CustomStartsWith;
import io.fanfare.audience.segment.filter.Filter.Exists;
import io.fanfare.audience.segment.filter.Filter.HasAddress;
import io.fanfare.audience.segment.filter.Filter.InList;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filter.Inactive;
import io.fanfare.audience.segment.filter.Filter.Leaf;
import io.fanfare.audience.segment.filter.Filter.Not;
import io.fanfare.audience.segment.filter.Filter.OptedOut;
import io.fanfare.audience.segment.filter.Filter.Text;
import io.fanfare.audience.segment.filter.Filter.TextTest;
import io.fanfare.audience.segment.filter.Filter.Time;
import io.fanfare.audience.segment.filter.Filter.Whole;
import io.fanfare.audience.segment.filter.Filter.Words;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes filters in the form {@link FilterReader} reads, shortcuts as what they stand for. */
public final class FilterWriter {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private FilterWriter() {}

  /** The whole tree; other segments by their ids. */
  public static ObjectNode write(Filter filter) {
    return switch (filter) {
      case All all when all.parts().isEmpty() -> JSON.objectNode().put("group", "everyone");
      case All all -> branch("all", all.parts());
      case Any any -> branch("any", any.parts());
      case Not not -> JSON.objectNode().set("not", write(not.part()));
      case InSegment segment -> JSON.objectNode().put("segment", segment.segmentId().toString());
      case Leaf leaf -> leaf(leaf);
    };
  }

  private static ObjectNode branch(String kind, List<Filter> parts) {
    ObjectNode node = JSON.objectNode();
    ArrayNode array = node.putArray(kind);
    parts.forEach(part -> array.add(write(part)));
    return node;
  }

  private static ObjectNode leaf(Leaf leaf) {
    return switch (leaf) {
      case Exists exists -> field(exists.field().id(), "exists");
      case Whole whole -> in(whole.field().id(), whole.values(), JSON::numberNode);
      case Text text when text.test() == TextTest.IN ->
          in(text.field().id(), text.values(), JSON::stringNode);
      case Text text when text.test() == TextTest.PRIMARY ->
          field(text.field().id(), "primary").set("value", array(text.values(), JSON::stringNode));
      case Text text ->
          field(text.field().id(), text.test().name().toLowerCase(Locale.ROOT))
              .put("value", text.values().getFirst());
      case Words words ->
          field(words.field().id(), words.all() ? "all" : "any")
              .set("value", array(words.values(), JSON::stringNode));
      case Time time ->
          dates(time.field().id(), time.comparison(), time.date(), time.last(), time.zone());
      case CustomExists exists -> field("custom." + exists.name(), "exists");
      case CustomIn in -> in("custom." + in.name(), in.values(), Scalar::json);
      case CustomNe ne -> field("custom." + ne.name(), "ne").set("value", ne.value().json());
      case CustomNumber number -> {
        ObjectNode node = compared("custom." + number.name(), number.comparison());
        yield number.last() == null
            ? node.set("value", JSON.numberNode(number.value()))
            : node.set("value", array(List.of(number.value(), number.last()), JSON::numberNode));
      }
      case CustomDate date ->
          dates("custom." + date.name(), date.comparison(), date.date(), date.last(), date.zone());
      case CustomContains contains ->
          field("custom." + contains.name(), "contains").set("value", contains.value().json());
      case CustomStartsWith starts ->
          field("custom." + starts.name(), "starts_with").put("value", starts.value());
      case CustomAny any ->
          field("custom." + any.name(), "any").set("value", array(any.values(), Scalar::json));
      case CustomElement element -> {
        ObjectNode members = JSON.objectNode();
        new TreeMap<>(element.members()).forEach((name, value) -> members.set(name, value.json()));
        yield field("custom." + element.name(), "element").set("value", members);
      }
      case InList list -> JSON.objectNode().put("list", list.listId().toString());
      case OptedOut out -> JSON.objectNode().put("opted_out", out.channel().name());
      case HasAddress has -> JSON.objectNode().put("has_address", has.channel().name());
      case Behaved behaved -> behaved(behaved);
      case BehavedSince behaved ->
          zoned(
              JSON.objectNode()
                  .put("behaviour", behaved.behaviour().id())
                  .put("since", behaved.since().text()),
              behaved.zone());
      case Inactive inactive -> JSON.objectNode().put("inactive_for_days", inactive.days());
    };
  }

  private static ObjectNode behaved(Behaved behaved) {
    ObjectNode node =
        JSON.objectNode()
            .put("behaviour", behaved.behaviour().id())
            .put("broadcast", behaved.broadcastId().toString());
    if (behaved.channel() != null) {
      node.put("channel", behaved.channel().name());
    }
    if (behaved.link() != null) {
      node.put("link", behaved.link());
    }
    return node;
  }

  private static ObjectNode dates(
      String field, Comparison comparison, DateValue date, @Nullable DateValue last, ZoneId zone) {
    ObjectNode node = compared(field, comparison);
    if (last == null) {
      node.put("value", date.text());
    } else {
      node.putArray("value").add(date.text()).add(last.text());
    }
    return zoned(node, zone);
  }

  private static ObjectNode zoned(ObjectNode node, ZoneId zone) {
    return zone.getId().equals("Z") ? node : node.put("zone", zone.getId());
  }

  private static ObjectNode compared(String field, Comparison comparison) {
    return field(field, comparison.name().toLowerCase(Locale.ROOT));
  }

  private static <T> ObjectNode in(String field, List<T> values, Function<T, JsonNode> json) {
    return values.size() == 1
        ? field(field, "eq").set("value", json.apply(values.getFirst()))
        : field(field, "in").set("value", array(values, json));
  }

  private static <T> ArrayNode array(List<T> values, Function<T, JsonNode> json) {
    ArrayNode array = JSON.arrayNode();
    values.forEach(value -> array.add(json.apply(value)));
    return array;
  }

  private static ObjectNode field(String field, String op) {
    return JSON.objectNode().put("field", field).put("op", op);
  }
}
