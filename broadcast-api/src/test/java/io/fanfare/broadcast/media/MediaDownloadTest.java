package io.fanfare.broadcast.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaDownloadTest {

  private final MediaHost host = new MediaHost();
  private final MediaDownload anywhere = new MediaDownload(true);
  private final MediaDownload publicOnly = new MediaDownload(false);

  @AfterEach
  void stop() {
    anywhere.close();
    publicOnly.close();
    host.close();
  }

  @Test
  void givesWhatIsThere() throws Exception {
    host.answer("/a", 200, "image/png", MediaHost.PNG);
    MediaDownload.Fetched fetched = anywhere.fetch(host.url("/a"), true);
    try (Spooled file = fetched.file()) {
      assertThat(fetched.contentType()).isEqualTo("image/png");
      assertThat(file.size()).isEqualTo(MediaHost.PNG.length);
      assertThat(file.head()).isEqualTo(MediaHost.PNG);
      assertThat(Files.readAllBytes(file.path())).isEqualTo(MediaHost.PNG);
    }
    assertThat(fetched.file().path()).doesNotExist();
  }

  @Test
  void readsNoMoreThanAFileMayHold() {
    host.answer("/most", 200, "", new byte[MediaLimits.MOST_BYTES + 1]);
    refuses(anywhere, host.url("/most"), "it has more than 10000000 bytes");
  }

  @Test
  void saysWhatItFound() {
    host.answer("/moved", 302, "", new byte[0]);
    refuses(anywhere, host.url("/none"), "it answers 404");
    refuses(anywhere, host.url("/moved"), "it answers 302, and redirects are not followed");
    assertThat(host.asked("/elsewhere")).isZero();
    refuses(anywhere, "http://localhost:1/x", "it cannot be reached");
    refuses(anywhere, "https://does-not-exist.invalid/x", "its host cannot be resolved");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost:%s/a",
        "https://127.0.0.1:%s/a",
        "https://[::1]:%s/a",
        "https://[::ffff:127.0.0.1]:%s/a",
        "https://2130706433:%s/a",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/a"
      })
  void reachesNothingPrivateUnlessItMay(String url) {
    host.answer("/a", 200, "image/png", MediaHost.PNG);
    String port = host.url("").replaceAll(".*:", "");
    refuses(publicOnly, url.formatted(port), "leads to an address that is not on the public");
    assertThat(host.asked("/a")).isZero();
  }

  @Test
  void asksForEncryptionWhereItMatters() {
    refuses(publicOnly, "http://example.org/a", "needs an encrypted connection: https");
  }

  private static void refuses(MediaDownload download, String url, String why) {
    assertThatThrownBy(() -> download.fetch(url, true))
        .isInstanceOf(MediaRefused.class)
        .hasMessageContaining(why);
  }
}
