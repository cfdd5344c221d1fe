package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.ContactFacts.Done;
import io.fanfare.audience.segment.filter.Filter.Behaviour;
import io.fanfare.contract.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Contacts at random; every field is missing in some, and of every type in some. */
public final class RandomContacts {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Random random;
  private final Instant now;
  private final List<UUID> lists;
  private final List<UUID> broadcasts;

  public RandomContacts(Random random, Instant now, List<UUID> lists, List<UUID> broadcasts) {
    this.random = random;
    this.now = now;
    this.lists = lists;
    this.broadcasts = broadcasts;
  }

  /** The contact of this id, which is the index-th. */
  public ContactFacts contact(long id, int index) {
    Map<ContactField, String> texts = new EnumMap<>(ContactField.class);
    for (ContactField field : ContactField.values()) {
      if (field.kind() == ContactField.Kind.TEXT && random.nextInt(3) > 0) {
        String value = oneOf(RandomFilters.valuesOf(field));
        // External ids are unique.
        texts.put(field, field == ContactField.EXTERNAL_ID && index > 4 ? value + id : value);
      }
    }
    if (index <= 4) {
      texts.put(
          ContactField.EXTERNAL_ID, RandomFilters.valuesOf(ContactField.EXTERNAL_ID).get(index));
    }
    Map<Behaviour, Instant> lastDone = new EnumMap<>(Behaviour.class);
    for (Behaviour behaviour : List.of(Behaviour.OPENED, Behaviour.CLICKED, Behaviour.REPLIED)) {
      if (random.nextInt(3) == 0) {
        lastDone.put(behaviour, time());
      }
    }
    return new ContactFacts(
        id,
        random.nextBoolean() ? (long) random.nextInt(1, 9) : null,
        texts,
        words(),
        words(),
        custom(),
        time(),
        time(),
        subset(lists),
        subset(List.of("email", "telegram", "*")),
        done(),
        lastDone);
  }

  private List<Done> done() {
    List<Done> done = new ArrayList<>();
    for (UUID broadcast : subset(broadcasts)) {
      for (Channel channel : subset(List.of(Channel.EMAIL, Channel.TELEGRAM))) {
        Map<Behaviour, Instant> what = new EnumMap<>(Behaviour.class);
        for (Behaviour behaviour : subset(List.of(Behaviour.values()))) {
          what.put(behaviour, time());
        }
        done.add(
            new Done(
                broadcast,
                channel,
                what,
                what.containsKey(Behaviour.CLICKED) ? subset(List.of(1, 2, 3)) : Set.of()));
      }
    }
    return done;
  }

  private ObjectNode custom() {
    ObjectNode custom = JSON.createObjectNode();
    for (String field : RandomFilters.FIELDS) {
      switch (random.nextInt(6)) {
        case 0 -> {}
        case 1 -> custom.putNull(field);
        case 2 -> custom.set(field, array());
        case 3 -> custom.set(field, object());
        default -> custom.set(field, value());
      }
    }
    return custom;
  }

  private ArrayNode array() {
    ArrayNode array = JSON.createArrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> array.addNull();
        case 1 -> array.addArray().add(value());
        case 2, 3 -> array.add(object());
        default -> array.add(value());
      }
    }
    return array;
  }

  private ObjectNode object() {
    ObjectNode object = JSON.createObjectNode();
    object.set("pipeline", value());
    if (random.nextBoolean()) {
      object.set("stage", value());
    }
    return object;
  }

  private JsonNode value() {
    return JSON.valueToTree(oneOf(RandomFilters.VALUES));
  }

  private Set<String> words() {
    return subset(RandomFilters.WORDS);
  }

  private Instant time() {
    return now.minus(Duration.ofMinutes(30L * random.nextInt(4_000)));
  }

  private <T> Set<T> subset(List<T> all) {
    return all.stream()
        .filter(any -> random.nextInt(3) == 0)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
