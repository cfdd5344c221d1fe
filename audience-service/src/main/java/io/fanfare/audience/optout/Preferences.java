package io.fanfare.audience.optout;

import io.fanfare.audience.category.Category;
import io.fanfare.contract.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a contact may choose on the page of its preferences, and has chosen.
 *
 * @param seen the number of the newest change of its opt-outs; 0 for none
 * @param stopped it has opted out of everything
 * @param channels those it has an address on, or has opted out of
 * @param categories all of its tenant
 */
record Preferences(
    long seen, boolean stopped, List<OfChannel> channels, List<OfCategory> categories) {

  /** The choice of one channel. */
  record OfChannel(String channel, boolean stopped) {}

  /** The choice of one category; of a mandatory one that is not stopped there is none. */
  record OfCategory(
      String name,
      String title,
      @Nullable String description,
      boolean mandatory,
      boolean stopped) {}

  static Preferences of(
      long seen, List<Channel> reachableOn, List<Category> all, List<OptOut> standing) {
    Set<OptOutScope> stopped = new HashSet<>();
    standing.forEach(optOut -> stopped.add(optOut.scope()));
    List<OfChannel> channels = new ArrayList<>();
    for (Channel channel : List.of(Channel.EMAIL, Channel.TELEGRAM)) {
      boolean off = stopped.contains(OptOutScope.of(channel));
      if (off || reachableOn.contains(channel)) {
        channels.add(new OfChannel(channel.name(), off));
      }
    }
    List<OfCategory> categories =
        all.stream()
            .map(category ->
                new OfCategory(
                    category.name(),
                    category.title(),
                    category.description(),
                    category.mandatory(),
                    stopped.contains(OptOutScope.ofCategory(category.name()))))
            .toList();
    return new Preferences(seen, stopped.contains(OptOutScope.EVERYTHING), channels, categories);
  }
}
