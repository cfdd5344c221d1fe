package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.OutcomeTable;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/outcomes.md say what the code does, and leave none of its codes out. */
class OutcomeTableTest {

  private static final String NO_ADDRESS = "the host has no address";
  private static final String NOBODY = "nobody listens";

  private static final Map<String, SmtpPeer.Script> SCRIPTS =
      Map.of(
          "the connection ends before the greeting",
          at("GREETING", new SmtpPeer.DropBefore(false)),
          "no greeting comes",
          at("GREETING", new SmtpPeer.Silence()),
          "the greeting is no SMTP",
          at("GREETING", new SmtpPeer.Say("SSH-2.0-OpenSSH")),
          "the connection ends after an envelope, three times",
          at("MAIL", new SmtpPeer.DropBefore(false)),
          "no reply to an envelope comes",
          at("MAIL", new SmtpPeer.Silence()),
          "the connection ends after a body",
          at("MESSAGE", new SmtpPeer.DropUnanswered(false)),
          "no reply to a body comes",
          at("MESSAGE", new SmtpPeer.Silence()),
          "the reply to a body is no SMTP",
          at("MESSAGE", new SmtpPeer.Say("HTTP/1.1 200 OK")));

  static Stream<List<String>> replies() throws IOException {
    return OutcomeTable.rows("SMTP replies").stream();
  }

  static Stream<List<String>> connections() throws IOException {
    return OutcomeTable.rows("SMTP connections").stream();
  }

  @ParameterizedTest
  @MethodSource("replies")
  void readsRepliesAsDocumented(List<String> row) {
    String reply = row.get(1);
    int code = Integer.parseInt(reply.substring(0, 3));
    assertThat(named(SmtpStage.valueOf(row.get(0)), code, reply.substring(4)))
        .containsExactly(row.get(2), row.get(3));
  }

  @Test
  void documentsEveryCodeAReplyCanLeadTo() throws IOException {
    Set<String> possible = new TreeSet<>();
    for (SmtpStage stage : SmtpStage.values()) {
      for (int code = 400; code < 600; code++) {
        for (int subject = 0; subject < 8; subject++) {
          for (int detail = 0; detail < 12; detail++) {
            String enhanced = code / 100 + "." + subject + "." + detail;
            for (String words : List.of("no", "relay denied", "rate limit", "greylisted")) {
              possible.add(named(stage, code, enhanced + " " + words).get(1));
              possible.add(named(stage, code, words).get(1));
            }
          }
        }
      }
    }
    assertThat(replies().map(row -> row.get(3)).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(possible);
  }

  @ParameterizedTest
  @MethodSource("connections")
  void readsTheEndOfAConnectionAsDocumented(List<String> row) throws IOException {
    try (SmtpPeer peer = new SmtpPeer();
        EmailChannelSender sender =
            new EmailChannelSender(
                EmailFixture.settings(),
                new AllowedTargets(true),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Clock.systemUTC())) {
      if (SCRIPTS.containsKey(row.get(0))) {
        peer.script = SCRIPTS.get(row.get(0));
      }
      OpenedAccount account =
          switch (row.get(0)) {
            case NO_ADDRESS -> EmailFixture.account(25, Map.of("host", "no-such.invalid"), "");
            case NOBODY -> EmailFixture.account(freePort(), Map.of(), "");
            default -> EmailFixture.account(peer.port(), Map.of(), "");
          };
      CompiledContent content = sender.compile(EmailFixture.CONTENT, account, EmailFixture.facts());
      EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();
      sender.send(account, EmailFixture.messages(content, 1, 1), message -> true, outcomes);
      assertThat(OutcomeTable.named(outcomes.of(1))).containsExactly(row.get(1), row.get(2));
    }
  }

  @Test
  void documentsEveryEndOfAConnectionThatIsTriedHere() throws IOException {
    assertThat(connections().map(List::getFirst))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of(NO_ADDRESS, NOBODY), SCRIPTS.keySet().stream()).toList());
  }

  private static SmtpPeer.Script at(String event, SmtpPeer.Action action) {
    return (connection, seen) -> seen.startsWith(event) ? action : null;
  }

  private static List<String> named(SmtpStage stage, int code, String words) {
    return OutcomeTable.named(SmtpReplyPolicy.refused(stage, new SmtpReply(code, List.of(words))));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
