package io.fanfare.dispatch.control;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.OpenedAccount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The frozen contents of broadcasts, compiled when first needed. Contents live as long as their
 * broadcast's control record is kept; of compiled ones the {@value #COMPILED} last used.
 */
public final class ContentTable {

  private static final int COMPILED = 500;

  private record Variant(String name, Channel channel) {}

  private record CompiledKey(UUID broadcastId, String variant, UUID accountId, long version) {}

  private final Map<UUID, Map<Variant, MessageContent>> contents = new ConcurrentHashMap<>();
  private final Map<CompiledKey, CompiledContent> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CompiledKey, CompiledContent> eldest) {
          return size() > COMPILED;
        }
      };

  void accept(BroadcastContent content) {
    contents
        .computeIfAbsent(content.broadcastId(), id -> new ConcurrentHashMap<>())
        .put(new Variant(content.variant(), content.channel()), content.content());
  }

  void remove(UUID broadcastId) {
    contents.remove(broadcastId);
  }

  /**
   * What a command is rendered with.
   *
   * @return null when the content is not known here
   * @throws ContentRefused when the channel can make no message of it
   */
  public @Nullable CompiledContent compiled(
      SendMessage command, BroadcastControl control, OpenedAccount account, ChannelSender sender) {
    var key =
        new CompiledKey(
            command.broadcastId(), command.variant(), account.accountId(), account.version());
    synchronized (compiled) {
      CompiledContent known = compiled.get(key);
      if (known != null) {
        return known;
      }
    }
    MessageContent content =
        contents
            .getOrDefault(command.broadcastId(), Map.of())
            .get(new Variant(command.variant(), command.channel()));
    if (content == null) {
      return null;
    }
    var facts =
        new BroadcastFacts(
            control.broadcastId(),
            control.tenantId(),
            control.name(),
            command.variant(),
            control.variables());
    CompiledContent fresh = sender.compile(content, account, facts);
    synchronized (compiled) {
      compiled.put(key, fresh);
    }
    return fresh;
  }
}
