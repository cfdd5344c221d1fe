package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what a refusal means: for this recipient, for now, or for the account as a whole. Reads the
 * enhanced status code (RFC 3463, RFC 7505) first, the reply code (RFC 5321 §4.2) second and the
 * words only where neither tells a rate limit or a refused relay.
 */
final class SmtpReplyPolicy {

  private static final Pattern RATE =
      Pattern.compile(
          "\\brate\\b|rate.?limit|too many|too fast|throttl|slow down|limit exceeded|exceeded.{0,40}limit",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern GREYLIST =
      Pattern.compile("gr[ae]y.?list", Pattern.CASE_INSENSITIVE);
  private static final Pattern RELAY = Pattern.compile("\\brelay", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUEUE_ID =
      Pattern.compile("(?:queued as|id=|queued mail)\\s*([\\w.<>@-]{1,100})");
  private static final Pattern WAIT =
      Pattern.compile(
          "(?:in|after)\\s+(\\d{1,5})\\s*(s|m)(?:ec|in|ute|onds?)?", Pattern.CASE_INSENSITIVE);

  private SmtpReplyPolicy() {}

  /** The outcome a taken message has. */
  static SendOutcome.Sent taken(SmtpReply reply) {
    Matcher queued = QUEUE_ID.matcher(reply.lines().getLast());
    return new SendOutcome.Sent(queued.find() ? queued.group(1) : null);
  }

  /** The outcome of a refusal: a reply of 400 or more. */
  static SendOutcome refused(SmtpStage stage, SmtpReply reply) {
    return reply.isPermanent() ? permanent(stage, reply) : transientRefusal(reply);
  }

  /** The cause with a code of ours and the server's words. */
  static Cause cause(String code, SmtpReply reply) {
    String enhanced = reply.enhanced();
    return new Cause(
        code, reply.text(), enhanced == null ? Integer.toString(reply.code()) : enhanced);
  }

  private static SendOutcome transientRefusal(SmtpReply reply) {
    String enhanced = enhanced(reply);
    String words = reply.text();
    boolean greylisted = GREYLIST.matcher(words).find();
    boolean rateLimited =
        !greylisted
            && (RATE.matcher(words).find()
                || enhanced.equals("4.7.28")
                || reply.isClosing() && enhanced.startsWith("4.7."));
    String code =
        greylisted
            ? "greylisted"
            : rateLimited
                ? "rate_limited"
                : switch (enhanced) {
                  case "4.2.2" -> "mailbox_full";
                  case "4.3.0", "4.3.1", "4.3.2" -> "server_busy";
                  default -> reply.isClosing() ? "server_closing" : "try_later";
                };
    return new SendOutcome.Deferred(cause(code, reply), retryAfter(words), rateLimited);
  }

  private static SendOutcome permanent(SmtpStage stage, SmtpReply reply) {
    String accountFault = accountFault(stage, reply);
    if (accountFault != null) {
      return new SendOutcome.AccountRefused(cause(accountFault, reply));
    }
    if (isProtocolFault(stage, reply)) {
      return new SendOutcome.Deferred(cause("protocol_error", reply), null, false);
    }
    String enhanced = enhanced(reply);
    String code =
        switch (enhanced) {
          case "5.1.1", "5.1.0", "5.1.6" -> "mailbox_unknown";
          case "5.1.2", "5.1.10" -> "domain_unknown";
          case "5.1.3" -> "invalid_address";
          case "5.2.1" -> "mailbox_disabled";
          case "5.2.2" -> "mailbox_full";
          case "5.2.3", "5.3.4" -> "message_too_large";
          default ->
              switch (enhanced.isEmpty() ? '0' : enhanced.charAt(2)) {
                case '4' -> "routing_failed";
                case '6' -> "message_refused";
                case '7' -> "policy_refused";
                default -> byReplyCode(stage, reply.code());
              };
        };
    return new SendOutcome.Rejected(cause(code, reply));
  }

  /** Why the account, not this recipient, is refused; null when it is not. */
  private static @Nullable String accountFault(SmtpStage stage, SmtpReply reply) {
    String enhanced = enhanced(reply);
    return switch (reply.code()) {
      case 530, 534, 535, 538 -> "login_required";
      default -> {
        if (stage == SmtpStage.GREETING) {
          yield "server_refused";
        }
        if (stage == SmtpStage.RECIPIENT && RELAY.matcher(reply.text()).find()) {
          yield "relay_denied";
        }
        boolean sender =
            stage == SmtpStage.SENDER
                && !isProtocolFault(stage, reply)
                && reply.code() != 552
                && !enhanced.equals("5.3.4");
        yield sender ? "sender_refused" : null;
      }
    };
  }

  /** The dialogue went wrong, which says nothing about the recipient. */
  private static boolean isProtocolFault(SmtpStage stage, SmtpReply reply) {
    return enhanced(reply).startsWith("5.5.")
        || switch (reply.code()) {
          case 500, 502, 503, 504 -> true;
          case 501 -> stage != SmtpStage.RECIPIENT;
          default -> false;
        };
  }

  private static String byReplyCode(SmtpStage stage, int code) {
    return switch (stage) {
      case RECIPIENT ->
          switch (code) {
            case 550, 551 -> "mailbox_unknown";
            case 501, 553 -> "invalid_address";
            case 552 -> "mailbox_full";
            default -> "refused";
          };
      case GREETING, SENDER, DATA, MESSAGE ->
          switch (code) {
            case 552 -> "message_too_large";
            case 550, 554 -> "message_refused";
            default -> "refused";
          };
    };
  }

  private static String enhanced(SmtpReply reply) {
    String enhanced = reply.enhanced();
    return enhanced == null ? "" : enhanced;
  }

  private static @Nullable Duration retryAfter(String words) {
    Matcher wait = WAIT.matcher(words);
    if (!wait.find()) {
      return null;
    }
    long amount = Long.parseLong(wait.group(1));
    return wait.group(2).equalsIgnoreCase("m")
        ? Duration.ofMinutes(Math.min(amount, 1440))
        : Duration.ofSeconds(Math.min(amount, 86_400));
  }
}
