package io.fanfare.broadcast.broadcast.recipient;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page of recipients of what several owners answer, each in the same order. An owner may
 * answer fewer than asked for, or none, and say up to where it has looked: so no answer takes it
 * long, and where it adds up a page ends early rather than wait.
 */
final class RecipientMergePlanner {

  /** Some recipients in order, and up to where was looked; null when there are no more. */
  record Slice(List<Recipient> items, @Nullable RecipientPosition next) {

    static final Slice NOTHING = new Slice(List.of(), null);
  }

  /** An owner of recipients. */
  interface Source {
    /** Up to so many after a position. */
    Slice fetch(RecipientPosition after, int limit);
  }

  private final List<Feed> feeds = new ArrayList<>();
  private final List<Recipient> page = new ArrayList<>();
  private final int limit;
  private int fetches;
  private @Nullable RecipientPosition last;

  private RecipientMergePlanner(
      List<Source> sources, RecipientPosition after, int limit, int mostFetches) {
    sources.forEach(source -> feeds.add(new Feed(source, after)));
    this.limit = limit;
    this.fetches = mostFetches;
  }

  /**
   * A page after a position. Where two owners name the same recipient, as may be for a moment, the
   * first one is right. Who fell back is no recipient of that channel any more.
   *
   * @param sources the owner that is right first
   * @param mostFetches how often owners are asked again for one page
   */
  static Slice page(List<Source> sources, RecipientPosition after, int limit, int mostFetches) {
    return new RecipientMergePlanner(sources, after, limit, mostFetches).page();
  }

  private Slice page() {
    while (page.size() < limit) {
      if (!fill()) {
        return cut();
      }
      Feed first = first();
      if (first == null) {
        return new Slice(page, null);
      }
      take(first);
    }
    boolean more = feeds.stream().anyMatch(feed -> !feed.items.isEmpty() || feed.next != null);
    return new Slice(page, more ? last : null);
  }

  /** Asks every owner whose recipients are used up; false when that would be too often. */
  private boolean fill() {
    for (Feed feed : feeds) {
      while (feed.items.isEmpty() && feed.next != null) {
        // Each is asked once whatever it takes: a page that gets nowhere would never end.
        if (feed.asked && fetches-- <= 0) {
          return false;
        }
        feed.asked = true;
        Slice slice = feed.source.fetch(feed.next, limit);
        feed.items.addAll(slice.items());
        feed.next = slice.next();
      }
    }
    return true;
  }

  private @Nullable Feed first() {
    Feed first = null;
    for (Feed feed : feeds) {
      if (!feed.items.isEmpty() && (first == null || feed.head().compareTo(first.head()) < 0)) {
        first = feed;
      }
    }
    return first;
  }

  private void take(Feed feed) {
    Recipient recipient = feed.items.removeFirst();
    RecipientPosition position = recipient.position();
    if (!position.equals(last)) {
      last = position;
      if (recipient.state() != RecipientState.FELL_BACK) {
        page.add(recipient);
      }
    }
  }

  /** Ends the page where the owner that is behind has looked up to. */
  private Slice cut() {
    while (page.size() < limit) {
      RecipientPosition upto = lookedUpTo();
      Feed first = first();
      if (first == null || first.head().compareTo(upto) > 0) {
        return new Slice(page, upto);
      }
      take(first);
    }
    return new Slice(page, last);
  }

  /** By all of them: one that has nothing left may still come with something after that. */
  private RecipientPosition lookedUpTo() {
    return feeds.stream()
        .filter(feed -> feed.items.isEmpty())
        .map(feed -> feed.next)
        .filter(next -> next != null)
        .min(RecipientPosition::compareTo)
        .orElseThrow();
  }

  private static final class Feed {

    private final Source source;
    private final Deque<Recipient> items = new ArrayDeque<>();
    private @Nullable RecipientPosition next;
    private boolean asked;

    Feed(Source source, RecipientPosition after) {
      this.source = source;
      this.next = after;
    }

    RecipientPosition head() {
      return items.getFirst().position();
    }
  }
}
