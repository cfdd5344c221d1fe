package io.fanfare.dispatch.control;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.OpenedAccount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The frozen contents of broadcasts, compiled when first needed. Of every content it knows where it
 * lies on its topic; the contents themselves, and the compiled ones, are kept as far as they fit
 * into a number of bytes, and read again when they are wanted and gone.
 */
public final class ContentTable {

  static final long MOST_BYTES = 64_000_000;
  static final int MOST_PLACES = 200_000;
  static final int MOST_COMPILED = 500;
  private static final int ID_LENGTH = 36;

  /** Where a content lies on the topic. */
  record Place(int partition, long offset) {}

  /** Reads a content again; answers by {@link #read} or {@link #gone}. */
  interface Fetch {
    void ask(String key, Place place);
  }

  private record CompiledKey(String content, UUID accountId, long version) {}

  private final Predicate<UUID> ended;
  private final Fetch fetch;
  private final Map<UUID, Set<String>> keys = new HashMap<>();
  private final LinkedHashMap<String, Place> places = new LinkedHashMap<>();
  private final ByteBound<String, byte[]> contents;
  private final ByteBound<CompiledKey, CompiledContent> compiled;

  /**
   * @param ended tells whether no message of a broadcast will be sent any more
   * @param fetch reads what is wanted again
   * @param mostBytes of contents, and once more of what compiled ones were made of
   */
  ContentTable(Predicate<UUID> ended, Fetch fetch, long mostBytes) {
    this.ended = ended;
    this.fetch = fetch;
    this.contents = new ByteBound<>(Integer.MAX_VALUE, mostBytes);
    this.compiled = new ByteBound<>(MOST_COMPILED, mostBytes);
  }

  /** A content was read, at its place. */
  synchronized void accept(String key, byte[] content, Place place) {
    UUID broadcastId = broadcastOf(key);
    if (ended.test(broadcastId)) {
      return;
    }
    places.put(key, place);
    keys.computeIfAbsent(broadcastId, id -> new HashSet<>()).add(key);
    contents.put(key, content, content.length);
    if (places.size() > MOST_PLACES) {
      remove(broadcastOf(places.firstEntry().getKey()));
    }
  }

  /** What had been asked for. */
  synchronized void read(String key, byte[] content) {
    if (places.containsKey(key)) {
      contents.put(key, content, content.length);
    }
  }

  /** What had been asked for is not there any more. */
  synchronized void gone(String key, Place place) {
    if (place.equals(places.get(key))) {
      remove(key);
    }
  }

  synchronized void remove(UUID broadcastId) {
    Set<String> ofBroadcast = keys.get(broadcastId);
    if (ofBroadcast != null) {
      Set.copyOf(ofBroadcast).forEach(this::remove);
    }
  }

  synchronized void remove(String key) {
    UUID broadcastId = broadcastOf(key);
    places.remove(key);
    contents.remove(key);
    compiled.removeIf(made -> made.content().equals(key));
    keys.computeIfPresent(
        broadcastId,
        (id, all) -> {
          all.remove(key);
          return all.isEmpty() ? null : all;
        });
  }

  /** It is known and not here, and is being read again. */
  public synchronized boolean isComing(SendMessage command) {
    String key = keyOf(command);
    Place place = places.get(key);
    if (place == null || contents.get(key) != null) {
      return false;
    }
    fetch.ask(key, place);
    return true;
  }

  /**
   * What a command is rendered with.
   *
   * @return null when the content is not known, or {@link #isComing not here}
   * @throws ContentRefused when the channel can make no message of it
   */
  public @Nullable CompiledContent compiled(
      SendMessage command, BroadcastControl control, OpenedAccount account, ChannelSender sender) {
    var key = new CompiledKey(keyOf(command), account.accountId(), account.version());
    byte[] content;
    synchronized (this) {
      CompiledContent known = compiled.get(key);
      if (known != null) {
        return known;
      }
      content = contents.get(key.content());
    }
    if (content == null) {
      return null;
    }
    var facts =
        new BroadcastFacts(
            control.broadcastId(),
            control.tenantId(),
            control.name(),
            command.variant(),
            control.variables(),
            control.category());
    CompiledContent fresh =
        sender.compile(
            EventCodec.decode(BroadcastContent.class, content).content(), account, facts);
    synchronized (this) {
      compiled.put(key, fresh, content.length + fresh.fileBytes());
    }
    return fresh;
  }

  /** Its place is known. */
  synchronized boolean isKnown(SendMessage command) {
    return places.containsKey(keyOf(command));
  }

  /** Bytes of contents held. */
  synchronized long bytes() {
    return contents.bytes();
  }

  private static String keyOf(SendMessage command) {
    return BroadcastContent.key(command.broadcastId(), command.variant(), command.channel());
  }

  private static UUID broadcastOf(String key) {
    return UUID.fromString(key.length() > ID_LENGTH ? key.substring(0, ID_LENGTH) : key);
  }
}
