package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.OutcomeSink;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.StopCheck;
import io.fanfare.template.TemplateRenderException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a batch on their way: builds one after the other and makes sure that each gets
 * exactly one outcome, whatever happens.
 */
final class Outbound {

  /** A built message that waits for its turn. */
  static final class Letter {
    private final int index;
    private final BuiltEmail email;
    private int envelopes;

    private Letter(int index, BuiltEmail email) {
      this.index = index;
      this.email = email;
    }

    BuiltEmail email() {
      return email;
    }

    /** Counts one more envelope of it that is written. */
    void countEnvelope() {
      envelopes++;
    }

    int envelopes() {
      return envelopes;
    }
  }

  private static final int NONE = -1;
  private static final int USUAL_SIZE = 8 * 1024;

  private final List<PreparedMessage> batch;
  private final StopCheck stop;
  private final OutcomeSink sink;
  private final Clock clock;
  private final boolean[] settled;
  private final MessageBytes work = new MessageBytes(USUAL_SIZE);
  private int next;
  private int beingWritten = NONE;

  Outbound(List<PreparedMessage> batch, StopCheck stop, OutcomeSink sink, Clock clock) {
    this.batch = batch;
    this.stop = stop;
    this.sink = sink;
    this.clock = clock;
    this.settled = new boolean[batch.size()];
  }

  /** The next message that can be sent, built; null when none is left. */
  @Nullable Letter next() {
    while (next < batch.size()) {
      int index = next++;
      PreparedMessage message = batch.get(index);
      if (!MailAddressPolicy.isSendable(message.address())) {
        settle(index, rejected("invalid_address", "the address cannot be put into an envelope"));
      } else if (!UnsubscribeHeader.isUsable(message)) {
        settle(
            index,
            rejected("invalid_unsubscribe_link", "the link to unsubscribe is no URL for a header"));
      } else if (!stop.maySend(message)) {
        settle(index, new SendOutcome.Stopped());
      } else {
        try {
          return new Letter(index, contentOf(message).build(message, clock.instant(), work));
        } catch (TemplateRenderException failed) {
          String detail = failed.getMessage();
          settle(index, rejected("render_failed", detail == null ? "not rendered" : detail));
        }
      }
    }
    return null;
  }

  /** The last question before a body: true when it may be written, else it is stopped. */
  boolean mayWrite(Letter letter) {
    if (stop.maySend(batch.get(letter.index))) {
      beingWritten = letter.index;
      return true;
    }
    settle(letter.index, new SendOutcome.Stopped());
    return false;
  }

  boolean isSettled(Letter letter) {
    return settled[letter.index];
  }

  void settle(Letter letter, SendOutcome outcome) {
    settle(letter.index, outcome);
  }

  /** Gives the same outcome to all that have none; a message whose body began is in doubt. */
  void settleRest(SendOutcome outcome) {
    for (int index = 0; index < settled.length; index++) {
      if (!settled[index]) {
        settle(
            index,
            index == beingWritten
                ? new SendOutcome.Unknown(
                    new Cause("answer_lost", "the sender stopped inside a message", null))
                : outcome);
      }
    }
    next = settled.length;
  }

  private void settle(int index, SendOutcome outcome) {
    settled[index] = true;
    beingWritten = index == beingWritten ? NONE : beingWritten;
    sink.accept(batch.get(index), outcome);
  }

  private static EmailContent contentOf(PreparedMessage message) {
    if (message.content() instanceof EmailContent content) {
      return content;
    }
    throw new IllegalArgumentException("not an e-mail content: " + message.content().getClass());
  }

  private static SendOutcome rejected(String code, String detail) {
    return new SendOutcome.Rejected(new Cause(code, detail, null));
  }
}
