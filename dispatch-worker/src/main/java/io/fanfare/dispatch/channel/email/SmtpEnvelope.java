package io.fanfare.dispatch.channel.email;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of one message on a connection: MAIL, RCPT and DATA, in one write where the server
 * announced PIPELINING (RFC 2920), else command by command.
 */
final class SmtpEnvelope {

  private static final int GO_ON = 354;

  /**
   * What the server said to an envelope.
   *
   * @param refusal the reply that refused it: MAIL's, else RCPT's, else DATA's; null when none did
   * @param stage what was refused
   * @param dataOpen the server waits for a body
   * @param recipientTaken the server would deliver a body, even an empty one
   */
  record Answer(
      @Nullable SmtpReply refusal, SmtpStage stage, boolean dataOpen, boolean recipientTaken) {}

  private final SmtpConnection connection;
  private final SmtpSettings settings;

  SmtpEnvelope(SmtpConnection connection, SmtpSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** Appends the whole envelope to a write, behind a body perhaps; only where it is pipelined. */
  void appendTo(MessageBytes out, Outbound.Letter letter) {
    letter.countEnvelope();
    if (connection.resetPending()) {
      out.ascii("RSET\r\n");
    }
    mail(out, letter);
    recipient(out, letter);
    out.ascii("DATA\r\n");
  }

  /** Reads what the server says to an envelope that {@link #appendTo} wrote. */
  Answer read() throws IOException {
    readReset();
    SmtpReply mail = reply();
    if (mail.isClosing()) {
      return new Answer(mail, SmtpStage.SENDER, false, false);
    }
    SmtpReply refusal = mail.isRefusal() ? mail : null;
    SmtpStage stage = SmtpStage.SENDER;
    boolean recipientTaken = false;
    try {
      SmtpReply recipient = reply();
      recipientTaken = recipient.isPositive();
      if (refusal == null && recipient.isRefusal()) {
        refusal = recipient;
        stage = SmtpStage.RECIPIENT;
      }
      if (recipient.isClosing()) {
        return new Answer(refusal, stage, false, false);
      }
      SmtpReply data = dataReply();
      if (refusal == null && data.isRefusal()) {
        refusal = data;
        stage = SmtpStage.DATA;
      }
      return new Answer(refusal, stage, data.code() == GO_ON, recipientTaken);
    } catch (IOException lost) {
      if (refusal == null) {
        throw lost;
      }
      // The refusal was read and stands; with an open recipient the connection is given up.
      return new Answer(refusal, stage, true, true);
    }
  }

  /** Writes and reads the envelope one command at a time. */
  Answer stepByStep(Outbound.Letter letter) throws IOException {
    letter.countEnvelope();
    if (connection.resetPending()) {
      connection.outgoing().ascii("RSET\r\n");
      connection.write(settings.writeTimeout());
      readReset();
    }
    mail(connection.outgoing(), letter);
    connection.write(settings.writeTimeout());
    SmtpReply mail = reply();
    if (mail.isRefusal()) {
      return new Answer(mail, SmtpStage.SENDER, false, false);
    }
    recipient(connection.outgoing(), letter);
    connection.write(settings.writeTimeout());
    SmtpReply recipient = reply();
    if (recipient.isRefusal()) {
      return new Answer(recipient, SmtpStage.RECIPIENT, false, false);
    }
    connection.outgoing().ascii("DATA\r\n");
    connection.write(settings.writeTimeout());
    SmtpReply data = dataReply();
    return data.isRefusal()
        ? new Answer(data, SmtpStage.DATA, false, true)
        : new Answer(null, SmtpStage.DATA, true, true);
  }

  private void readReset() throws IOException {
    if (!connection.resetPending()) {
      return;
    }
    SmtpReply reset = connection.read(settings.replyTimeout());
    if (!reset.isPositive()) {
      throw new SmtpGarbage("the server answered " + reset.code() + " to RSET");
    }
    connection.setResetPending(false);
  }

  /** A reply that is yes or no. */
  private SmtpReply reply() throws IOException {
    SmtpReply reply = connection.read(settings.replyTimeout());
    if (!reply.isPositive() && !reply.isRefusal()) {
      throw new SmtpGarbage("the server answered " + reply.code() + " to an envelope");
    }
    return reply;
  }

  private SmtpReply dataReply() throws IOException {
    SmtpReply reply = connection.read(settings.replyTimeout());
    if (reply.code() != GO_ON && !reply.isRefusal()) {
      throw new SmtpGarbage("the server answered " + reply.code() + " to DATA");
    }
    return reply;
  }

  private static void mail(MessageBytes out, Outbound.Letter letter) {
    out.ascii("MAIL FROM:<").ascii(letter.email().sender()).ascii(">\r\n");
  }

  private static void recipient(MessageBytes out, Outbound.Letter letter) {
    out.ascii("RCPT TO:<").ascii(letter.email().recipient()).ascii(">\r\n");
  }
}
