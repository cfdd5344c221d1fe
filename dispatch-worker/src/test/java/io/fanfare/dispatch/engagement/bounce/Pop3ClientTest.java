package io.fanfare.dispatch.engagement.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.bounce.BounceMailbox.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3ClientTest {

  private static final String WELCOME = "+OK hello\r\n+OK who\r\n+OK welcome\r\n";

  @Test
  void looksIntoAMailbox() throws Exception {
    String dialogue =
        WELCOME
            + "+OK 2 mails\r\n1 whqtswO00WBw418f9t5JxYwZ\r\n2 QhdPYR:00WBw1Ph7x7 \r\nnonsense\r\n.\r\n"
            + "+OK 1 12\r\n+OK 2 99 octets\r\n"
            + "+OK 12 octets\r\na\r\n..b\r\n...\r\n\r\nc\r\n.\r\n"
            + "+OK gone\r\n+OK bye\r\n";
    try (ScriptedServer server = new ScriptedServer(dialogue)) {
      try (Pop3Client client = client(server, "a b", "c \"d\\")) {
        List<String> listed = new ArrayList<>();
        client.list((number, id) -> listed.add(number + " " + id));
        assertThat(listed).containsExactly("1 whqtswO00WBw418f9t5JxYwZ", "2 QhdPYR:00WBw1Ph7x7");
        assertThat(client.bytes(1)).isEqualTo(12);
        assertThat(client.bytes(2)).isEqualTo(99);
        assertThat(client.read(1)).asString().isEqualTo("a\r\n.b\r\n..\r\n\r\nc\r\n");
        client.delete(1);
        client.leave();
      }
      assertThat(server.said())
          .isEqualTo(
              "USER a b\r\nPASS c \"d\\\r\nUIDL\r\nLIST 1\r\nLIST 2\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n");
    }
  }

  @Test
  void ofAMailThatIsLongerThanWasSaidNoMoreIsKeptThanTellsSo() throws Exception {
    String mail = "x".repeat(99) + "\n";
    try (ScriptedServer server =
            new ScriptedServer(
                WELCOME + "+OK 12 octets\r\n" + mail.repeat(20_000) + ".\r\n+OK\r\n");
        Pop3Client client = client(server, "a", "b")) {
      assertThat(client.read(1)).hasSize(ReportReader.MOST_BYTES + 1);
      client.leave();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 a", ""})
  void aListThatDoesNotEndIsLeftAtABound(String line) throws Exception {
    String lines = (line + "\r\n").repeat(Pop3Client.MOST_LISTED + 1);
    try (ScriptedServer server = new ScriptedServer(WELCOME + "+OK\r\n" + lines);
        Pop3Client client = client(server, "a", "b")) {
      assertThat(failure(() -> client.list((number, id) -> {}))).isEqualTo("unreadable");
    }
  }

  @Test
  void soAreLinesAndMails() throws Exception {
    String line = "x".repeat(Pop3Client.MOST_LINE + 1);
    try (ScriptedServer server = new ScriptedServer(WELCOME + line);
        Pop3Client client = client(server, "a", "b")) {
      assertThat(failure(() -> client.list((number, id) -> {}))).isEqualTo("unreadable");
    }
    String mail = "0123456789".repeat(Pop3Client.MOST_READ / 10 + 1);
    try (ScriptedServer server = new ScriptedServer(WELCOME + "+OK\r\n" + mail);
        Pop3Client client = client(server, "a", "b")) {
      assertThat(failure(() -> client.read(1))).isEqualTo("unreadable");
    }
    try (ScriptedServer server = new ScriptedServer(WELCOME + "+OK\r\nhalf a mail");
        Pop3Client client = client(server, "a", "b")) {
      assertThatThrownBy(() -> client.read(1)).isInstanceOf(EOFException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-ERR go away, refused",
    "* OK IMAP4 ready, refused",
    "+OK|-ERR no, login_refused",
    "+OK|+OK|-ERR [AUTH] wrong password, login_refused",
    "+OK|+OK|-ERR [IN-USE] in use, mailbox_busy",
    "+OK|+OK|-ERR [login-delay] too soon, mailbox_busy",
    "+OK|+OK|+OK|-ERR unknown command, list_refused",
  })
  void saysWhyItCannotLookIntoAMailbox(String dialogue, String code) throws Exception {
    try (ScriptedServer server = new ScriptedServer(dialogue.replace("|", "\r\n") + "\r\n")) {
      assertThat(
              failure(() -> {
                try (Pop3Client client = client(server, "a", "b")) {
                  client.list((number, id) -> {});
                }
              }))
          .isEqualTo(code);
    }
  }

  @Test
  void neverSaysMoreThanOneCommandAndNeverToAnAddressThatIsNotAllowed() throws Exception {
    try (ScriptedServer server = new ScriptedServer("+OK\r\n")) {
      assertThat(failure(() -> client(server, "a\r\nDELE 1", "b"))).isEqualTo("account_invalid");
    }
    try (ScriptedServer server = new ScriptedServer("+OK\r\n")) {
      BounceMailbox mailbox = mailbox(server.port(), false, "a", "b");
      SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
      assertThat(failure(() -> open(mailbox, false, tls))).isEqualTo("address_not_allowed");
    }
  }

  @Test
  void encrypts(@TempDir Path directory) throws Exception {
    SSLContext context =
        ScriptedServer.certificateOf("localhost", directory.resolve("localhost.p12"));
    try (ScriptedServer server = new ScriptedServer(WELCOME, context);
        Pop3Client client =
            open(mailbox(server.port(), true, "a", "b"), true, context.getSocketFactory())) {
      client.close();
      assertThat(server.said()).isEqualTo("USER a\r\nPASS b\r\n");
    }
  }

  private static String failure(ThrowingCallable action) {
    return catchThrowableOfType(MailboxFailed.class, action).code();
  }

  private static Pop3Client client(ScriptedServer server, String username, String password)
      throws IOException {
    return open(
        mailbox(server.port(), false, username, password),
        true,
        (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  private static Pop3Client open(
      BounceMailbox mailbox, boolean privateAllowed, SSLSocketFactory tls) throws IOException {
    Duration patience = Duration.ofSeconds(20);
    return Pop3Client.open(mailbox, new AllowedTargets(privateAllowed), tls, patience, patience);
  }

  private static BounceMailbox mailbox(int port, boolean tls, String username, String password) {
    return new BounceMailbox(
        "key",
        "localhost",
        port,
        tls,
        username,
        password,
        "INBOX",
        null,
        Set.of(),
        Protocol.POP3,
        false);
  }
}
