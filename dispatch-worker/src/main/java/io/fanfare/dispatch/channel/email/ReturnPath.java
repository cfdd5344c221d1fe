package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import org.jspecify.annotations.Nullable;

/**
 * The envelope's sender: where bounces of a message go. With an account's {@code return_path} it
 * has a token of each recipient behind a plus (VERP); without one it is the account's sender.
 */
final class ReturnPath {

  /** A local part has 64 octets, of which a plus and a token take 57. */
  static final int MOST_LOCAL_CHARACTERS = 64 - 1 - BounceTokens.MOST_CHARACTERS;

  private final String plain;
  private final String start;
  private final String end;
  private final BounceTokens.@Nullable Broadcast tokens;

  private ReturnPath(String plain, BounceTokens.@Nullable Broadcast tokens) {
    int at = plain.indexOf('@');
    this.plain = plain;
    this.start = plain.substring(0, at) + "+";
    this.end = plain.substring(at);
    this.tokens = tokens;
  }

  /**
   * @param tokens null where none are made
   */
  static ReturnPath of(SmtpAccount account, BroadcastFacts facts, @Nullable BounceTokens tokens) {
    String returnPath = account.returnPath();
    if (returnPath == null) {
      return new ReturnPath(account.from().address(), null);
    }
    return new ReturnPath(returnPath, tokens == null ? null : tokens.of(facts.broadcastId()));
  }

  /** Whether a token fits behind its local part. */
  static boolean hasRoom(String address) {
    return address.indexOf('@') <= MOST_LOCAL_CHARACTERS;
  }

  /** The sender for one recipient. */
  String of(long contactId, String recipient) {
    if (tokens == null) {
      return plain;
    }
    StringBuilder sender = new StringBuilder(start.length() + 56 + end.length()).append(start);
    return tokens.append(contactId, recipient, sender) ? sender.append(end).toString() : plain;
  }
}
