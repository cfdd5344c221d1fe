package io.fanfare.dispatch.engagement.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImapClientTest {

  private static final String WELCOME = "* OK hello\r\nf1 OK welcome\r\n";

  @Test
  void looksIntoAFolder() throws Exception {
    String dialogue =
        WELCOME
            + "* FLAGS (\\Deleted)\r\n* 2 EXISTS\r\n* 0 RECENT\r\nf2 OK [READ-WRITE] done\r\n"
            + "* 1 FETCH (UID 17 FLAGS (\\Seen $Junk) RFC822.SIZE 12)\r\n"
            + "* 2 FETCH (RFC822.SIZE 99 UID 4294967295 FLAGS ())\r\n"
            + "* 3 EXISTS\r\n* nonsense\r\nf3 OK done\r\n"
            + "* 1 FETCH (UID 17 BODY[]<0> {5}\r\nab\r\n) FLAGS (\\Seen))\r\nf4 OK done\r\n"
            + "f5 OK done\r\n"
            + "f6 NO [TRYCREATE] no such folder\r\nf7 OK made\r\nf8 OK copied\r\n"
            + "f9 NO never\r\nf10 NO never\r\n"
            + "* 1 EXPUNGE\r\nf11 OK done\r\n* BYE\r\nf12 OK bye\r\n";
    try (ScriptedServer server = new ScriptedServer(dialogue)) {
      try (ImapClient client = client(server, "a\"b", "c\\d")) {
        assertThat(client.select("INBOX")).isEqualTo(2);
        assertThat(client.list(1, 2))
            .containsExactly(
                new ImapClient.Mail(17, 12, "\\seen $junk"),
                new ImapClient.Mail(4_294_967_295L, 99, ""));
        assertThat(client.read(17)).asString().isEqualTo("ab\r\n)");
        assertThat(client.read(18)).isEmpty();
        assertThat(client.copy(17, "Done")).isTrue();
        assertThat(client.copy(17, "Other")).isFalse();
        client.leave();
      }
      assertThat(server.said())
          .startsWith("f1 LOGIN \"a\\\"b\" \"c\\\\d\"\r\nf2 SELECT \"INBOX\"\r\n")
          .endsWith("f11 CLOSE\r\nf12 LOGOUT\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Gigabytes that are announced, a line and an answer without end, literals without end.
        "* 1 FETCH (BODY[] {2000000000}\r\n",
        "* 1 FETCH (BODY[] {9999999999}\r\n",
        "xxxxxxxxxxxxxxxx",
        "* 1 EXISTS\r\n",
        "* 1 FETCH (BODY[] {9}\r\n012345678",
        "* {0}\r\n"
      })
  void hostileServersAreLeftAtABound(String said) throws Exception {
    try (ScriptedServer server = new ScriptedServer(WELCOME + said.repeat(100_000));
        ImapClient client = client(server, "a", "b")) {
      assertThatThrownBy(() -> client.read(1)).isInstanceOf(MailboxFailed.class);
    }
  }

  @Test
  void aFolderMayBeAsLargeAsItLikes() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(WELCOME + "* 4294967295 EXISTS\r\nf2 OK done\r\n");
        ImapClient client = client(server, "a", "b")) {
      assertThat(client.select("INBOX")).isEqualTo(4_294_967_295L);
    }
  }

  @Test
  void saysWhyItCannotLookIntoAMailbox() throws Exception {
    assertThat(failure("* BYE go away\r\n")).isEqualTo("refused");
    assertThat(failure("* PREAUTH who are you\r\n")).isEqualTo("refused");
    assertThat(failure("* OK\r\nf1 NO [AUTHENTICATIONFAILED] no\r\n")).isEqualTo("login_refused");
    assertThat(failure("* OK\r\nf1 BAD [LOGINDISABLED] no\r\n")).isEqualTo("login_refused");
    try (ScriptedServer server = new ScriptedServer("")) {
      assertThatThrownBy(() -> client(server, "a", "b")).isInstanceOf(IOException.class);
    }
    // A server that says nothing.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BounceMailbox mailbox = mailbox("localhost", silent.getLocalPort(), false, "a", "b");
      BounceMailbox encrypted = mailbox("localhost", silent.getLocalPort(), true, "a", "b");
      for (BounceMailbox each : new BounceMailbox[] {mailbox, encrypted}) {
        assertThatThrownBy(
                () -> open(each, true, (SSLSocketFactory) SSLSocketFactory.getDefault(), 200))
            .isInstanceOf(IOException.class);
      }
      // And one that may not be asked.
      assertThat(catchThrowable(() -> open(mailbox, false)))
          .isInstanceOfSatisfying(
              MailboxFailed.class, e -> assertThat(e.code()).isEqualTo("address_not_allowed"));
    }
    try (ScriptedServer server = new ScriptedServer("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      BounceMailbox encrypted = mailbox("localhost", server.port(), true, "a", "b");
      assertThat(catchThrowable(() -> open(encrypted, true)))
          .isInstanceOfSatisfying(
              MailboxFailed.class, e -> assertThat(e.code()).isEqualTo("tls_refused"));
    }
    try (ScriptedServer server = new ScriptedServer("* OK\r\n")) {
      assertThat(catchThrowable(() -> client(server, "a\r\nf1 DELETE x", "b")))
          .isInstanceOfSatisfying(
              MailboxFailed.class, e -> assertThat(e.code()).isEqualTo("account_invalid"));
    }
  }

  @Test
  void encryptsAndChecksTheName(@TempDir Path directory) throws Exception {
    SSLContext context =
        ScriptedServer.certificateOf("localhost", directory.resolve("localhost.p12"));
    try (ScriptedServer server = new ScriptedServer(WELCOME, context);
        ImapClient client = open(mailbox("localhost", server.port(), true, "a", "b"), context)) {
      client.close();
      assertThat(server.said()).isEqualTo("f1 LOGIN \"a\" \"b\"\r\n");
    }
    for (SSLContext trusting : new SSLContext[] {context, SSLContext.getDefault()}) {
      String host = trusting == context ? "127.0.0.1" : "localhost";
      try (ScriptedServer server = new ScriptedServer(WELCOME, context)) {
        BounceMailbox mailbox = mailbox(host, server.port(), true, "a", "b");
        assertThat(catchThrowable(() -> open(mailbox, trusting)))
            .isInstanceOfSatisfying(
                MailboxFailed.class, e -> assertThat(e.code()).isEqualTo("tls_refused"));
      }
    }
  }

  private static String failure(String dialogue) throws IOException {
    try (ScriptedServer server = new ScriptedServer(dialogue)) {
      return ((MailboxFailed) catchThrowable(() -> client(server, "a", "b"))).code();
    }
  }

  private static ImapClient client(ScriptedServer server, String username, String password)
      throws IOException {
    return open(mailbox("localhost", server.port(), false, username, password), true);
  }

  private static ImapClient open(BounceMailbox mailbox, boolean privateAllowed) throws IOException {
    return open(mailbox, privateAllowed, (SSLSocketFactory) SSLSocketFactory.getDefault(), 20_000);
  }

  private static ImapClient open(BounceMailbox mailbox, SSLContext tls) throws IOException {
    return open(mailbox, true, tls.getSocketFactory(), 20_000);
  }

  private static ImapClient open(
      BounceMailbox mailbox, boolean privateAllowed, SSLSocketFactory tls, int patience)
      throws IOException {
    return ImapClient.open(
        mailbox,
        new AllowedTargets(privateAllowed),
        tls,
        Duration.ofMillis(patience),
        Duration.ofMillis(patience));
  }

  private static BounceMailbox mailbox(
      String host, int port, boolean tls, String username, String password) {
    return new BounceMailbox("key", host, port, tls, username, password, "INBOX", null, Set.of());
  }
}
