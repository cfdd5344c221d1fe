package io.fanfare.broadcast.broadcast.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.broadcast.recipient.RecipientMergePlanner.Slice;
import io.fanfare.broadcast.broadcast.recipient.RecipientMergePlanner.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RecipientMergePlannerTest {

  @Test
  void pagesHoldEverybodyOnceInOrderHoweverLittleOwnersAnswer() {
    for (long seed = 0; seed < 500; seed++) {
      pagesHoldEverybodyOnceInOrder(seed);
    }
  }

  private static void pagesHoldEverybodyOnceInOrder(long seed) {
    Random random = new Random(seed);
    List<Source> owners = new ArrayList<>();
    TreeMap<RecipientPosition, RecipientState> expected = new TreeMap<>();
    for (int owner = 0; owner < 3; owner++) {
      RecipientState state = RecipientState.values()[owner];
      TreeSet<RecipientPosition> own = new TreeSet<>();
      for (int i = 0; i < 40; i++) {
        own.add(
            new RecipientPosition(random.nextInt(60), random.nextBoolean() ? "email" : "telegram"));
      }
      Set<RecipientPosition> fallenBack = new HashSet<>();
      for (RecipientPosition position : own) {
        boolean first = !expected.containsKey(position);
        boolean fellBack = owner == 0 && random.nextInt(5) == 0;
        if (fellBack) {
          fallenBack.add(position);
        }
        if (first) {
          expected.put(position, fellBack ? RecipientState.FELL_BACK : state);
        }
      }
      owners.add(owner(own, fallenBack, state, random));
    }
    expected.values().removeIf(state -> state == RecipientState.FELL_BACK);

    TreeMap<RecipientPosition, RecipientState> found = new TreeMap<>();
    RecipientPosition after = RecipientPosition.START;
    while (after != null) {
      int limit = 1 + random.nextInt(9);
      Slice page = RecipientMergePlanner.page(owners, after, limit, 4);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      for (Recipient recipient : page.items()) {
        assertThat(found.isEmpty() || found.lastKey().compareTo(recipient.position()) < 0)
            .as("in order and once: %s", recipient)
            .isTrue();
        found.put(recipient.position(), recipient.state());
      }
      assertThat(page.next()).isNotEqualTo(after);
      after = page.next();
    }
    assertThat(found).as("seed %d", seed).isEqualTo(expected);
  }

  /** Answers as few as it likes, or none, and says up to where it has looked. */
  private static Source owner(
      TreeSet<RecipientPosition> own,
      Set<RecipientPosition> fallenBack,
      RecipientState state,
      Random random) {
    return (after, limit) -> {
      List<RecipientPosition> left = List.copyOf(own.tailSet(after, false));
      int looked = Math.min(left.size(), 1 + random.nextInt(limit));
      List<Recipient> items =
          left.subList(0, random.nextInt(4) == 0 ? 0 : looked).stream()
              .map(position -> recipient(position, fallenBack, state))
              .toList();
      if (items.isEmpty() && !left.isEmpty()) {
        // Looked at something that is not wanted, before the first one that is.
        RecipientPosition first = left.getFirst();
        RecipientPosition before = new RecipientPosition(first.contactId(), "");
        return before.compareTo(after) > 0
            ? new Slice(List.of(), before)
            : new Slice(List.of(recipient(first, fallenBack, state)), first);
      }
      return new Slice(items, looked == left.size() ? null : left.get(looked - 1));
    };
  }

  private static Recipient recipient(
      RecipientPosition position, Set<RecipientPosition> fallenBack, RecipientState state) {
    return new Recipient(
        position.contactId(),
        null,
        position.channel(),
        null,
        null,
        fallenBack.contains(position) ? RecipientState.FELL_BACK : state,
        null,
        0,
        null,
        null);
  }
}
