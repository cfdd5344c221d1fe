package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpTlsTest {

  /** For a handshake that does not come. */
  private static final Duration IN_VAIN = Duration.ofMillis(900);

  private static SSLContext tls;

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    Path store = directory.resolve("localhost.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "localhost",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory identity =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(keys, "changeit".toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    tls = SSLContext.getInstance("TLS");
    tls.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @ParameterizedTest
  @CsvSource({
    "starttls, STARTTLS PIPELINING, 8BITMIME, false",
    "starttls, STARTTLS, PIPELINING, true",
    "tls, 8BITMIME, PIPELINING, true",
  })
  void sendsEncryptedAndBelievesOnlyWhatIsAnnouncedInside(
      String security, String before, String inside, boolean pipelined) throws Exception {
    try (SmtpPeer peer = peer();
        EmailChannelSender sender = sender(tls.getSocketFactory())) {
      peer.capabilities = List.of(before.split(" "));
      peer.capabilitiesAfterTls = List.of(inside);
      peer.tlsFromTheStart = security.equals("tls");
      EmailFixture.Outcomes outcomes = send(sender, peer, security, "localhost");
      assertThat(outcomes.codes(3)).containsOnly("sent");
      assertThat(peer.taken).hasSize(3);
      assertThat(peer.chunks.stream().anyMatch(chunk -> chunk.contains("\r\n.\r\nMAIL")))
          .isEqualTo(pipelined);
      assertThat(sender.test(account(peer, security, "localhost")).ok()).isTrue();
    }
  }

  @Test
  void refusesACertificateOfNobodyItTrustsOrOfAnotherName() throws Exception {
    try (SmtpPeer peer = peer();
        EmailChannelSender trusting = sender(tls.getSocketFactory());
        EmailChannelSender strict = sender((SSLSocketFactory) SSLSocketFactory.getDefault())) {
      peer.tlsFromTheStart = true;
      assertThat(send(strict, peer, "tls", "localhost").codes(3))
          .containsOnly("account tls_refused");
      assertThat(send(trusting, peer, "tls", "127.0.0.1").codes(3))
          .containsOnly("account tls_refused");
      assertThat(peer.taken).isEmpty();
    }
  }

  @Test
  void forgetsWhatWasSlippedInBeforeTheHandshake() throws Exception {
    try (SmtpPeer peer = peer();
        EmailChannelSender sender = sender(tls.getSocketFactory(), EmailFixture.patient(IN_VAIN))) {
      peer.capabilities = List.of("STARTTLS");
      peer.capabilitiesAfterTls = List.of("PIPELINING");
      peer.script =
          (connection, event) ->
              event.equals("STARTTLS")
                  ? new SmtpPeer.Say("220 go ahead\r\n250-injected\r\n250 AUTH PLAIN")
                  : null;
      EmailFixture.Outcomes outcomes = send(sender, peer, "starttls", "localhost");
      // Either the handshake fails on the slipped-in bytes or they are dropped; never believed.
      assertThat(outcomes.codes(3))
          .allMatch(code -> code.equals("sent") || code.startsWith("not sent"));
    }
  }

  @Test
  void cutsOffAHandshakeThatNeverEnds() throws Exception {
    try (SmtpPeer peer = peer();
        EmailChannelSender sender = sender(tls.getSocketFactory(), EmailFixture.patient(IN_VAIN))) {
      peer.script = (connection, event) -> new SmtpPeer.Silence();
      assertThat(send(sender, peer, "tls", "localhost").codes(3))
          .containsOnly("not sent connect_timeout");
    }
  }

  private static SmtpPeer peer() throws Exception {
    SmtpPeer peer = new SmtpPeer();
    peer.tls = tls;
    return peer;
  }

  private static OpenedAccount account(SmtpPeer peer, String security, String host) {
    return EmailFixture.account(peer.port(), Map.of("security", security, "host", host), "");
  }

  private static EmailFixture.Outcomes send(
      EmailChannelSender sender, SmtpPeer peer, String security, String host) {
    OpenedAccount account = account(peer, security, host);
    CompiledContent content = sender.compile(EmailFixture.CONTENT, account, EmailFixture.facts());
    EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();
    sender.send(account, EmailFixture.messages(content, 1, 3), message -> true, outcomes);
    return outcomes;
  }

  private static EmailChannelSender sender(SSLSocketFactory factory) {
    return sender(factory, EmailFixture.patient());
  }

  private static EmailChannelSender sender(SSLSocketFactory factory, SmtpSettings settings) {
    return new EmailChannelSender(settings, new AllowedTargets(true), factory, Clock.systemUTC());
  }
}
