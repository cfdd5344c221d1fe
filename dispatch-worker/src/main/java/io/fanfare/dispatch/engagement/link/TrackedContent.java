package io.fanfare.dispatch.engagement.link;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.engagement.preference.SignedPreferenceLinks;
import io.fanfare.dispatch.engagement.token.EngagementToken.Kind;
import io.fanfare.dispatch.engagement.token.EngagementTokens;
import io.fanfare.template.CompiledTemplate;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A content whose links are tracked, and what its variables are for each recipient. */
public final class TrackedContent {

  private static final String UNSUBSCRIBE = "unsubscribe_link";
  static final String PREFERENCES = "preferences_link";
  static final String CONFIRM = "confirm_link";

  private final MessageContent content;
  private final @Nullable String publicUrl;
  private final @Nullable EngagementTokens tokens;
  private final @Nullable SignedPreferenceLinks preferences;
  private final @Nullable BroadcastFacts facts;
  private final Channel channel;
  private final List<Integer> links;
  private final Map<Integer, CompiledTemplate> templates;

  TrackedContent(
      MessageContent content,
      @Nullable String publicUrl,
      @Nullable EngagementTokens tokens,
      @Nullable SignedPreferenceLinks preferences,
      @Nullable BroadcastFacts facts,
      Channel channel,
      List<Integer> links,
      Map<Integer, CompiledTemplate> templates) {
    this.content = content;
    this.publicUrl = publicUrl;
    this.tokens = tokens;
    this.preferences = preferences;
    this.facts = facts;
    this.channel = channel;
    this.links = links;
    this.templates = Map.copyOf(templates);
  }

  /** A content that is sent as it is. */
  public static TrackedContent untracked(MessageContent content) {
    return new TrackedContent(content, null, null, null, null, Channel.EMAIL, List.of(), Map.of());
  }

  /** The content to compile. */
  public MessageContent content() {
    return content;
  }

  /**
   * A message with the variables of its links: one signature for each link, nothing is parsed.
   *
   * @throws io.fanfare.template.TemplateRenderException when a link does not render with the
   *     message's data
   */
  public PreparedMessage prepared(PreparedMessage message, Instant now) {
    if (publicUrl == null || tokens == null || facts == null) {
      return message;
    }
    SendMessage command = message.command();
    EngagementTokens.Message made =
        tokens.message(
            facts.broadcastId(),
            command.contactId(),
            channel,
            facts.variant(),
            command.segment(),
            now,
            offset(command.zone(), now));
    Map<String, Object> variables = new HashMap<>();
    if (channel.equals(Channel.EMAIL)) {
      variables.put("open", publicUrl + "/t/o/" + made.token(Kind.OPEN, 0));
    }
    for (int link : links) {
      variables.put("l" + link, publicUrl + "/t/c/" + made.token(Kind.CLICK, link));
    }
    for (Map.Entry<Integer, CompiledTemplate> template : templates.entrySet()) {
      String target = template.getValue().render(message.data()).strip();
      variables.put(
          "l" + template.getKey(),
          LinkPolicy.isTarget(target)
              ? publicUrl
                  + "/t/c/"
                  + made.tokenTo(template.getKey(), target)
                  + "?u="
                  + URLEncoder.encode(target, StandardCharsets.UTF_8)
              : target);
    }
    Map<String, Object> data = new HashMap<>(message.data());
    data.put(LinkTracker.VARIABLE, variables);
    if (!(data.get(UNSUBSCRIBE) instanceof String)) {
      data.put(UNSUBSCRIBE, publicUrl + "/t/u/" + made.token(Kind.UNSUBSCRIBE, 0));
    }
    if (preferences != null && !(data.get(PREFERENCES) instanceof String)) {
      data.put(PREFERENCES, preferences.inMessage(facts.tenantId(), command.contactId(), now));
    }
    if (preferences != null && data.get("vars") instanceof Map<?, ?> own) {
      preferences
          .confirming(facts.tenantId(), command.contactId(), own)
          .ifPresent(link -> data.put(CONFIRM, link));
    }
    return new PreparedMessage(command, message.content(), data);
  }

  private static @Nullable Integer offset(@Nullable String zone, Instant now) {
    if (zone == null) {
      return null;
    }
    try {
      return ZoneId.of(zone).getRules().getOffset(now).getTotalSeconds() / 60;
    } catch (DateTimeException unknown) {
      return null;
    }
  }
}
