package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands keep beside broker and database: keys, lock, and where the stack is. */
class DataFolderTest {

  @TempDir Path folder;

  @Test
  void keysAreMadeOnceAndKept() {
    LocalKeys made = LocalKeys.in(folder);
    assertThat(made.adminKey()).isEmpty();
    assertThat(Base64.getDecoder().decode(made.get("FANFARE_IDENTITY_KEY"))).hasSize(32);
    String secret = made.get("FANFARE_SECRET_KEYS");
    assertThat(Base64.getDecoder().decode(secret.substring("local:".length()))).hasSize(32);
    made.keepAdminKey("ff_admin");
    LocalKeys found = LocalKeys.in(folder);
    assertThat(found.adminKey()).contains("ff_admin");
    for (String name :
        new String[] {"FANFARE_SECRET_KEYS", "FANFARE_IDENTITY_KEY", "FANFARE_OPERATOR_KEY"}) {
      assertThat(found.get(name)).isEqualTo(made.get(name));
    }
  }

  @Test
  void keysCanBeReadByTheirOwnerAlone() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    LocalKeys keys = LocalKeys.in(folder);
    assertOwnersAlone(keys.file());
    keys.keepAdminKey("ff_admin");
    assertOwnersAlone(keys.file());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).as("no copy is left").containsExactly(keys.file());
    }
  }

  private static void assertOwnersAlone(Path file) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void oneStackAtATimeHasTheFolder() {
    try (DirectoryLock first = DirectoryLock.tryLock(folder).orElseThrow()) {
      assertThat(DirectoryLock.tryLock(folder)).isEmpty();
      assertThat(first).isNotNull();
    }
    try (DirectoryLock next = DirectoryLock.tryLock(folder).orElseThrow()) {
      assertThat(next).isNotNull();
    }
  }

  @Test
  void aRunningStackIsFoundAndAFileCutShortIsNone() throws IOException {
    assertThat(StackFile.read(folder)).isEmpty();
    StackFile.Content content =
        new StackFile.Content(
            URI.create("http://localhost:8080"), URI.create("http://localhost:8090/"), 2525, 8091);
    StackFile.write(folder, content);
    assertThat(StackFile.read(folder)).contains(content);
    Files.writeString(folder.resolve("running.properties"), "base-url=http\\://localhost\n");
    assertThat(StackFile.read(folder)).isEmpty();
    StackFile.delete(folder);
    StackFile.delete(folder);
    assertThat(StackFile.read(folder)).isEmpty();
  }
}
