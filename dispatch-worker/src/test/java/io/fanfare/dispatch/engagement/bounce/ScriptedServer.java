package io.fanfare.dispatch.engagement.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Says what it has to say to the first who comes, whatever it is asked. */
final class ScriptedServer implements AutoCloseable {

  private final ServerSocket listening;
  private final CompletableFuture<String> heard = new CompletableFuture<>();

  ScriptedServer(String dialogue) throws IOException {
    this(dialogue, ServerSocketFactory.getDefault());
  }

  ScriptedServer(String dialogue, SSLContext tls) throws IOException {
    this(dialogue, tls.getServerSocketFactory());
  }

  private ScriptedServer(String dialogue, ServerSocketFactory factory) throws IOException {
    listening = factory.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(() -> {
      try (Socket socket = listening.accept()) {
        Thread.startVirtualThread(() -> hear(socket));
        socket.getOutputStream().write(dialogue.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        heard.join();
      } catch (IOException e) {
        heard.complete("");
      }
    });
  }

  private void hear(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      heard.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      heard.complete("");
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  String said() {
    return heard.join();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  /** Trusts the certificate that it has. */
  static SSLContext certificateOf(String name, Path store) throws Exception {
    Process keytool =
        new ProcessBuilder(
                (Path.of(System.getProperty("java.home"), "bin", "keytool")
                        + " -genkeypair -alias a -keyalg EC -validity 2 -storetype PKCS12 -storepass changeit"
                        + " -dname CN=%1$s -ext san=dns:%1$s -keystore %2$s")
                    .formatted(name, store)
                    .split(" "))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory identity =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(keys, password);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
