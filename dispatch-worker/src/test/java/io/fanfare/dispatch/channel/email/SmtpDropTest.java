package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.media.MediaFiles;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection dropped at every point of a dialogue: outcomes against what the server took. */
class SmtpDropTest {

  private static final int MESSAGES = 4;

  private static final Map<String, Function<Boolean, SmtpPeer.Action>> WAYS =
      Map.of(
          "before", SmtpPeer.DropBefore::new,
          "unanswered", SmtpPeer.DropUnanswered::new,
          "answered", SmtpPeer.DropAnswered::new);

  @ParameterizedTest
  @CsvSource({
    "before, true, false",
    "before, true, true",
    "before, false, false",
    "before, false, true",
    "unanswered, true, false",
    "unanswered, true, true",
    "unanswered, false, false",
    "unanswered, false, true",
    "answered, true, false",
    "answered, true, true",
    "answered, false, false",
    "answered, false, true"
  })
  void tellsTheTruthWhereverAConnectionDrops(String way, boolean pipelining, boolean reset)
      throws Exception {
    int events = 0;
    // The first run drops nothing and counts the points.
    for (int at = 0; at <= events; at++) {
      try (SmtpPeer peer = new SmtpPeer();
          EmailChannelSender sender = sender()) {
        peer.capabilities = pipelining ? List.of("PIPELINING") : List.of();
        events = Math.max(events, dropAt(at, peer, sender, WAYS.get(way).apply(reset), false));
      }
    }
    assertThat(events).as("a greeting, EHLO and four commands a message").isGreaterThan(17);
  }

  @ParameterizedTest
  @CsvSource({
    "before, true, false",
    "before, false, true",
    "unanswered, true, true",
    "unanswered, false, false",
    "answered, true, true",
    "answered, true, false",
    "answered, false, true"
  })
  void tellsTheTruthAmongRefusals(String way, boolean pipelining, boolean dataOpensAnyway)
      throws Exception {
    int events = 0;
    for (int at = 0; at <= events; at++) {
      try (SmtpPeer peer = new SmtpPeer();
          EmailChannelSender sender = sender()) {
        peer.capabilities = pipelining ? List.of("PIPELINING") : List.of();
        peer.opensDataWithoutRecipient = dataOpensAnyway;
        events = Math.max(events, dropAt(at, peer, sender, WAYS.get(way).apply(false), true));
      }
    }
    assertThat(events).isGreaterThan(15);
  }

  /** The end of a large message follows its files, and without it no server takes a message. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsLostInsideItsFilesIsSurelyNotSent(boolean closes) throws Exception {
    try (SmtpPeer peer = new SmtpPeer();
        EmailChannelSender sender =
            sender(
                (tenant, files) -> List.of(new byte[6_000_000]),
                closes ? EmailFixture.patient() : EmailFixture.settings())) {
      peer.readsBodies = closes;
      peer.script =
          (connection, event) ->
              closes && connection == 1 && event.equals("DATA")
                  ? new SmtpPeer.DropAnswered(true)
                  : null;
      MessageContent.Email content =
          new MessageContent.Email(
              "s",
              null,
              "t",
              List.of(
                  new Media(
                      Media.Kind.ATTACHMENT,
                      new UUID(1, 1),
                      "f",
                      "application/pdf",
                      1,
                      "s",
                      null)));
      OpenedAccount account = EmailFixture.account(peer.port(), Map.of(), "");
      CompiledContent compiled = sender.compile(content, account, EmailFixture.facts());
      EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();
      sender.send(account, EmailFixture.messages(compiled, 1, 2), message -> true, outcomes);
      assertThat(outcomes.codes(2))
          .containsExactly(
              closes ? "not sent connection_lost" : "not sent reply_timeout",
              closes ? "sent" : "not sent reply_timeout");
      assertThat(peer.taken).hasSize(closes ? 1 : 0);
    }
  }

  private static int dropAt(
      int at, SmtpPeer peer, EmailChannelSender sender, SmtpPeer.Action drop, boolean refusing) {
    AtomicInteger count = new AtomicInteger();
    StringBuilder where = new StringBuilder();
    peer.script =
        (connection, event) -> {
          if (count.incrementAndGet() != at) {
            return refusing ? refusal(event) : null;
          }
          where.append(event);
          return drop;
        };
    OpenedAccount account = EmailFixture.account(peer.port(), Map.of(), "");
    CompiledContent content = sender.compile(EmailFixture.CONTENT, account, EmailFixture.facts());
    EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();
    sender.send(account, EmailFixture.messages(content, 1, MESSAGES), message -> true, outcomes);

    String story = drop + " at event " + at + ", " + where + ": " + outcomes.all();
    assertThat(outcomes.all()).as(story).hasSize(MESSAGES);
    int inDoubt = 0;
    for (int n = 1; n <= MESSAGES; n++) {
      String address = EmailFixture.address(n);
      long taken = peer.taken.stream().filter(t -> t.recipient().equals(address)).count();
      switch (outcomes.of(n)) {
        case SendOutcome.Sent sent -> assertThat(taken).as(story).isOne();
        case SendOutcome.Unknown unknown -> {
          inDoubt++;
          assertThat(taken).as(story).isLessThanOrEqualTo(1);
        }
        default -> assertThat(taken).as(story).isZero();
      }
    }
    // Dropped before the greeting was through, nothing is tried again here: the retry is.
    boolean opening = where.toString().matches("GREETING|EHLO.*");
    boolean inBody = where.toString().startsWith("MESSAGE");
    assertThat(inDoubt).as(story).isLessThanOrEqualTo(inBody ? 1 : mayLoseARead(drop) ? 1 : 0);
    if (!opening) {
      assertThat(outcomes.all().values())
          .as(story)
          .allMatch(o ->
              o instanceof SendOutcome.Sent
                  || o instanceof SendOutcome.Unknown
                  || refusing
                      && (o instanceof SendOutcome.Rejected || o instanceof SendOutcome.Deferred));
    }
    if (refusing && !opening) {
      assertThat(outcomes.of(2)).as(story).isInstanceOf(SendOutcome.Rejected.class);
      assertThat(outcomes.of(1)).as(story).isNotInstanceOf(SendOutcome.Rejected.class);
    }
    return count.get();
  }

  /** The second recipient is refused, the third message put off once its body is read. */
  private static SmtpPeer.Action refusal(String event) {
    if (event.startsWith("RCPT TO:<user2@")) {
      return new SmtpPeer.Say("550 5.1.1 unknown");
    }
    return event.startsWith("MESSAGE user3@") ? new SmtpPeer.Say("451 4.3.0 busy") : null;
  }

  /** After an answered DATA the client writes a body into a connection that is already closed. */
  private static boolean mayLoseARead(SmtpPeer.Action drop) {
    return drop instanceof SmtpPeer.DropAnswered
        || drop instanceof SmtpPeer.DropBefore(boolean reset) && reset
        || drop instanceof SmtpPeer.DropUnanswered(boolean reset2) && reset2;
  }

  private static EmailChannelSender sender() {
    return sender(MediaFiles.none());
  }

  private static EmailChannelSender sender(MediaFiles files) {
    return sender(files, EmailFixture.settings());
  }

  private static EmailChannelSender sender(MediaFiles files, SmtpSettings settings) {
    return new EmailChannelSender(
        settings,
        new AllowedTargets(true),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        Clock.systemUTC(),
        (content, facts) -> TrackedContent.untracked(content),
        null,
        files);
  }
}
