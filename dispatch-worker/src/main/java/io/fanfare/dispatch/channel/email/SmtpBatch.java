package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of a batch, each over a connection of its account; a body and the next
 * envelope share one write where the server allows it. What is known when a connection ends: a
 * reply that was read stands; a body whose end was or may have been written is in doubt, at most
 * one per connection; an envelope alone is as good as unsent and goes again over another
 * connection.
 */
final class SmtpBatch {

  /**
   * Connections lost in a row, with no message decided on any of them, until the rest is unsent.
   */
  private static final int MAX_LOST = 3;

  private final SmtpAccount account;
  private final UUID accountId;
  private final long accountVersion;
  private final SmtpSettings settings;
  private final SmtpPool pool;
  private final SmtpConnector connector;
  private final Outbound outbound;
  private int lostInARow;

  SmtpBatch(
      SmtpAccount account,
      UUID accountId,
      long accountVersion,
      SmtpSettings settings,
      SmtpPool pool,
      SmtpConnector connector,
      Outbound outbound) {
    this.account = account;
    this.accountId = accountId;
    this.accountVersion = accountVersion;
    this.settings = settings;
    this.pool = pool;
    this.connector = connector;
    this.outbound = outbound;
  }

  /** Sends all; every message has its outcome afterwards. */
  void send() {
    Outbound.Letter letter = outbound.next();
    while (letter != null && !outbound.isSettled(letter)) {
      SmtpConnection connection = pool.take(accountId, accountVersion);
      boolean kept = connection != null;
      if (connection == null) {
        try {
          connection = connector.open(account, accountVersion);
        } catch (SmtpOpenFailed failed) {
          outbound.settleRest(failed.outcome());
          return;
        }
      }
      Dialogue dialogue = new Dialogue(connection, kept);
      letter = dialogue.run(letter);
    }
  }

  /** The messages of the batch that go over one connection. */
  private final class Dialogue {

    private final SmtpConnection connection;
    private final SmtpEnvelope envelope;
    private final boolean kept;
    private boolean answered;
    private boolean open = true;

    Dialogue(SmtpConnection connection, boolean kept) {
      this.connection = connection;
      this.envelope = new SmtpEnvelope(connection, settings);
      this.kept = kept;
    }

    /** Sends until the batch or the connection ends; gives the message that goes over the next. */
    Outbound.@Nullable Letter run(Outbound.Letter first) {
      boolean done = false;
      try {
        Outbound.Letter letter = first;
        boolean written = false;
        while (letter != null && open) {
          SmtpEnvelope.Answer answer;
          try {
            answer = askFor(letter, written);
          } catch (IOException lost) {
            done = true;
            return afterLostEnvelope(letter, lost);
          }
          written = false;
          if (answer.refusal() == null) {
            Outbound.Letter following = outbound.next();
            written = sendBody(letter, following);
            letter = following;
          } else if (isFarewell(answer.refusal())) {
            done = true;
            end();
            return letter;
          } else {
            letter = refused(letter, answer, answer.refusal());
          }
          answered = true;
        }
        done = true;
        leave();
        return letter;
      } finally {
        if (!done) {
          connection.close();
        }
      }
    }

    private SmtpEnvelope.Answer askFor(Outbound.Letter letter, boolean written) throws IOException {
      if (!connection.pipelining()) {
        return envelope.stepByStep(letter);
      }
      if (!written) {
        envelope.appendTo(connection.outgoing(), letter);
        connection.write(settings.writeTimeout());
      }
      return envelope.read();
    }

    /** Writes a body and perhaps the next envelope; true when that envelope was written too. */
    private boolean sendBody(Outbound.Letter letter, Outbound.@Nullable Letter following) {
      if (!outbound.mayWrite(letter)) {
        // The server waits for a body: only without its end does it forget the message.
        end();
        return false;
      }
      byte[] files = letter.email().files();
      MessageBytes out = connection.outgoing();
      if (files.length == 0) {
        DotStuffing.append(letter.email().message(), out);
      } else {
        DotStuffing.appendLines(letter.email().message(), out);
        try {
          connection.write(settings.writeTimeout());
          connection.write(files, settings.writeTimeout());
        } catch (IOException lost) {
          // Its end was not written, and without it no server takes a message.
          outbound.settle(letter, new SendOutcome.NotSent(cause("connection", lost)));
          end();
          lostInARow++;
          giveUpWhenHopeless(cause("connection", lost));
          return false;
        }
        out = connection.outgoing().ascii(".\r\n");
      }
      connection.countMessage();
      boolean full = connection.messages() >= settings.messagesPerConnection();
      boolean chained = following != null && connection.pipelining() && !full;
      if (chained && following != null) {
        envelope.appendTo(out, following);
      }
      SmtpReply reply;
      try {
        connection.write(settings.writeTimeout());
        reply = connection.read(settings.answerTimeout());
        if (!reply.isPositive() && !reply.isRefusal()) {
          throw new SmtpGarbage("the server answered " + reply.code() + " to a message");
        }
      } catch (IOException lost) {
        outbound.settle(letter, new SendOutcome.Unknown(cause("answer", lost)));
        end();
        lostInARow++;
        giveUpWhenHopeless(cause("connection", lost));
        return false;
      }
      lostInARow = 0;
      if (reply.isPositive()) {
        outbound.settle(letter, SmtpReplyPolicy.taken(reply));
      } else {
        settleRefusal(letter, SmtpStage.MESSAGE, reply);
      }
      if (reply.isClosing()) {
        end();
      } else if (full && open) {
        open = false;
        connection.quit();
      }
      return chained;
    }

    /** Settles a refused message, brings the connection into order and gives the next message. */
    private Outbound.@Nullable Letter refused(
        Outbound.Letter letter, SmtpEnvelope.Answer answer, SmtpReply refusal) {
      settleRefusal(letter, answer.stage(), refusal);
      if (refusal.isClosing() || answer.dataOpen() && answer.recipientTaken()) {
        end();
      } else if (answer.dataOpen()) {
        endEmptyBody();
      } else {
        connection.setResetPending(true);
      }
      if (refusal.isClosing()) {
        lostInARow++;
        giveUpWhenHopeless(new Cause("server_closing", "the server closes every connection", null));
      } else {
        lostInARow = 0;
      }
      return outbound.next();
    }

    private void settleRefusal(Outbound.Letter letter, SmtpStage stage, SmtpReply reply) {
      SendOutcome outcome = SmtpReplyPolicy.refused(stage, reply);
      outbound.settle(letter, outcome);
      boolean forAll =
          switch (outcome) {
            case SendOutcome.AccountRefused refused -> true;
            // A server that closes for going too fast would only be asked faster.
            case SendOutcome.Deferred deferred -> deferred.rateLimited() && reply.isClosing();
            case SendOutcome.Sent sent -> false;
            case SendOutcome.Rejected rejected -> false;
            case SendOutcome.Unknown unknown -> false;
            case SendOutcome.NotSent notSent -> false;
            case SendOutcome.Stopped stopped -> false;
          };
      if (forAll) {
        outbound.settleRest(outcome);
        end();
      }
    }

    /** No recipient was taken and still the server wants a body: the lone dot ends it. */
    private void endEmptyBody() {
      try {
        connection.outgoing().ascii(".\r\n");
        connection.write(settings.writeTimeout());
        if (connection.read(settings.replyTimeout()).isClosing()) {
          end();
        }
      } catch (IOException lost) {
        end();
      }
    }

    /**
     * A server that closes a connection for its age, or for the messages it has carried, says 421
     * to whatever comes next; only on a fresh connection is it an answer to this message.
     */
    private boolean isFarewell(SmtpReply refusal) {
      return refusal.isClosing() && (kept && !answered || connection.messages() > 0);
    }

    private Outbound.@Nullable Letter afterLostEnvelope(Outbound.Letter letter, IOException lost) {
      connection.close();
      open = false;
      if (kept && !answered) {
        pool.discard(accountId);
        return letter;
      }
      // Each further try would take as long again, with claims open all the while.
      lostInARow = lost instanceof SocketTimeoutException ? MAX_LOST : lostInARow + 1;
      Cause cause = cause("connection", lost);
      giveUpWhenHopeless(cause);
      if (lostInARow == MAX_LOST) {
        return null;
      }
      if (letter.envelopes() >= MAX_LOST) {
        outbound.settle(letter, new SendOutcome.NotSent(cause));
        return outbound.next();
      }
      return letter;
    }

    private void giveUpWhenHopeless(Cause cause) {
      if (lostInARow == MAX_LOST) {
        outbound.settleRest(new SendOutcome.NotSent(cause));
      }
    }

    private void leave() {
      if (open) {
        open = false;
        pool.give(accountId, connection);
      }
    }

    private void end() {
      open = false;
      connection.close();
    }
  }

  /**
   * Why a connection ended.
   *
   * @param what what did not come: {@code answer} to a message, or {@code connection}
   */
  private static Cause cause(String what, IOException lost) {
    String code =
        switch (lost) {
          case SocketTimeoutException late ->
              what.equals("answer") ? "answer_timeout" : "reply_timeout";
          case SmtpGarbage garbage ->
              what.equals("answer") ? "answer_unreadable" : "reply_unreadable";
          default -> what + "_lost";
        };
    String message = lost.getMessage();
    return new Cause(code, message == null ? lost.getClass().getSimpleName() : message, null);
  }
}
