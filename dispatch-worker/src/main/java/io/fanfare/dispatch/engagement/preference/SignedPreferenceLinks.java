package io.fanfare.dispatch.engagement.preference;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes links to the pages of contacts' preferences, where this service can be reached. */
public final class SignedPreferenceLinks {

  /** How long one in a message is good: longer than messages are kept by most. */
  public static final Duration IN_MESSAGES = Duration.ofDays(400);

  /** How long one is good that a contact asked for. */
  public static final Duration ON_REQUEST = Duration.ofDays(7);

  /** Where the pages are. */
  static final String PATH = "/t/p/";

  /** Where a list is confirmed. */
  static final String CONFIRM = "/t/j/";

  private final String publicUrl;
  private final PreferenceTokens tokens;
  private final Clock clock;

  /**
   * @param publicUrl where recipients reach this service; empty when they do not
   */
  public SignedPreferenceLinks(String publicUrl, PreferenceTokens tokens, Clock clock) {
    this.publicUrl =
        publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** A link for a contact that asks for one; nothing where recipients cannot reach this service. */
  public Optional<URI> of(UUID tenantId, long contactId) {
    return publicUrl.isBlank()
        ? Optional.empty()
        : Optional.of(
            URI.create(publicUrl + path(tenantId, contactId, clock.instant().plus(ON_REQUEST))));
  }

  /** A link for a message that is made now. */
  public String inMessage(UUID tenantId, long contactId, Instant now) {
    return publicUrl + path(tenantId, contactId, now.plus(IN_MESSAGES));
  }

  /**
   * A link with which a contact confirms the list that a message asks about.
   *
   * @param variables of the message: {@code confirm_list} and {@code confirm_until}
   * @return nothing for a message that asks about none
   */
  public Optional<String> confirming(UUID tenantId, long contactId, Map<?, ?> variables) {
    if (variables.get("confirm_list") instanceof String list
        && variables.get("confirm_until") instanceof String until) {
      try {
        String token =
            tokens.makeConfirmation(
                tenantId, contactId, UUID.fromString(list), Instant.parse(until));
        return Optional.of(publicUrl + CONFIRM + token);
      } catch (IllegalArgumentException | DateTimeException e) {
        // Variables of the tenant's own that only have these names.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * A link on another of our pages, relative to it: before them may stand whatever the public URL
   * has.
   */
  public String fromOurPage(UUID tenantId, long contactId) {
    return ".." + path(tenantId, contactId, clock.instant().plus(ON_REQUEST)).substring(2);
  }

  /** The same without the host. */
  public String path(UUID tenantId, long contactId, Instant expiresAt) {
    return PATH + tokens.make(tenantId, contactId, expiresAt);
  }
}
