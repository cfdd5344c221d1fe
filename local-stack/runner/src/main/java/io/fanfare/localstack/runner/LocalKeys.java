package io.fanfare.localstack.runner;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

/**
 * The secrets of one installation on one machine: made on the first start, kept in a file that only
 * its owner can read.
 */
final class LocalKeys {

  private static final int KEY_BYTES = 32;
  private static final String ADMIN_KEY = "admin-key";

  private final Path file;
  private final Properties values = new Properties();

  private LocalKeys(Path file) {
    this.file = file;
  }

  /** The keys in a folder, made where there are none yet. */
  static LocalKeys in(Path directory) {
    LocalKeys keys = new LocalKeys(directory.resolve("keys.properties"));
    if (Files.exists(keys.file)) {
      keys.load();
    } else {
      keys.values.setProperty("FANFARE_SECRET_KEYS", "local:" + random());
      keys.values.setProperty("FANFARE_IDENTITY_KEY", random());
      keys.values.setProperty(
          "FANFARE_OPERATOR_KEY", "ffop_" + random().replaceAll("[^A-Za-z0-9]", ""));
      keys.store();
    }
    return keys;
  }

  /** What the services read from their environment. */
  String get(String name) {
    String value = values.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(file + " has no " + name);
    }
    return value;
  }

  /** The first tenant's admin key, once it was made. */
  Optional<String> adminKey() {
    return Optional.ofNullable(values.getProperty(ADMIN_KEY));
  }

  void keepAdminKey(String key) {
    values.setProperty(ADMIN_KEY, key);
    store();
  }

  Path file() {
    return file;
  }

  private void load() {
    try (Reader reader = Files.newBufferedReader(file)) {
      values.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void store() {
    try {
      // Closed to others before anything is in it; swapped in whole, so that a crash loses no key.
      Path fresh = file.resolveSibling("keys.properties.new");
      Files.deleteIfExists(fresh);
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            fresh,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      try (Writer writer = Files.newBufferedWriter(fresh)) {
        values.store(writer, "Fanfare's local keys. Whoever has them has everything.");
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String random() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}
