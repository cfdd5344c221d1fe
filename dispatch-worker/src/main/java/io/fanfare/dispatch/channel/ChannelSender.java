package io.fanfare.dispatch.channel;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import java.util.List;

/**
 * Speaks one channel: takes claimed messages of one account and tells of each how it ended. A
 * further channel is a further bean of this type. Calls come from many virtual threads at once.
 */
public interface ChannelSender extends AutoCloseable {

  /** The channel it speaks. */
  Channel channel();

  /** The most messages one call of {@link #send} takes, at least 1. */
  int batchSize();

  /**
   * The most calls of {@link #send} that make sense at one time for one account, such as the
   * connections kept to it; at least 1. More are never made.
   */
  int concurrentBatches();

  /**
   * What the provider takes for one address from one account, beside the account's own rate; none
   * by default. The worker keeps to it with a slot for each.
   */
  default List<RecipientLimit> recipientLimits(String address) {
    return List.of();
  }

  /**
   * The same where it depends on the account's settings, such as limits of mail domains. Called
   * with every command that may be sent, so it must be quick.
   */
  default List<RecipientLimit> recipientLimits(OpenedAccount account, String address) {
    return recipientLimits(address);
  }

  /**
   * Messages a second of the account's rate that its lanes leave alone, since something other than
   * commands sends them; none by default. Called often, so it must be quick.
   */
  default int keptApart(OpenedAccount account) {
    return 0;
  }

  /**
   * Prepares the content of one broadcast and variant for one version of an account. Called before
   * the first claim that needs it, seldom again.
   *
   * @throws ContentRefused when no message can be made of it; the broadcast is then paused
   */
  CompiledContent compile(MessageContent content, OpenedAccount account, BroadcastFacts facts);

  /** Tries the account's settings and secret without sending; blocks, with timeouts of its own. */
  AccountTest test(OpenedAccount account);

  /**
   * Sends a batch in order; blocks until every message has an outcome. Renders each message itself;
   * what cannot be rendered is {@link SendOutcome.Rejected} with the code {@code render_failed}.
   *
   * <p>Immediately before a message is written, {@code stop} is asked; when it says no, the outcome
   * is {@link SendOutcome.Stopped} and nothing of the message is written. Every message gets
   * exactly one outcome, given to the sink as soon as it is known. A message without one when this
   * method returns or throws counts as in doubt, so what was certainly not written must be reported
   * as {@link SendOutcome.NotSent} even then.
   *
   * <p>An implementation may keep connections by account id and version; those of an older version
   * are closed once they are idle.
   *
   * @param account the account all messages of the batch are sent with
   * @param batch 1 to {@link #batchSize()} messages
   */
  void send(OpenedAccount account, List<PreparedMessage> batch, StopCheck stop, OutcomeSink sink);

  /** Closes all connections; called once, when nothing is being sent any more. */
  @Override
  void close();
}
