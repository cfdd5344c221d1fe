package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox to which bounces come, and the tenants whose accounts name it with its password.
 *
 * @param key the same for all who name it with the same password, and tells nobody the password
 * @param tls whether the connection is encrypted from its beginning
 * @param folder where bounces come
 * @param processedFolder where those go that are dealt with; null when they are deleted
 * @param tenants whose messages the bounces may be about
 */
record BounceMailbox(
    String key,
    String host,
    int port,
    boolean tls,
    String username,
    String password,
    String folder,
    @Nullable String processedFolder,
    Set<UUID> tenants) {

  static final String HOST = "bounce_host";
  static final String PASSWORD = "bounce_password";
  private static final int TLS_PORT = 993;
  private static final int PLAIN_PORT = 143;
  private static final int KEY_CHARACTERS = 32;

  /** The mailboxes that some accounts name, by key. */
  static Map<String, BounceMailbox> of(Collection<OpenedAccount> accounts) {
    Map<String, BounceMailbox> mailboxes = new TreeMap<>();
    accounts.stream()
        .filter(account -> account.channel().equals(Channel.EMAIL))
        .filter(account -> !setting(account, HOST, "").isEmpty())
        .sorted(Comparator.comparing(OpenedAccount::accountId))
        .forEach(account -> {
          BounceMailbox mailbox = of(account);
          mailboxes.merge(mailbox.key, mailbox, BounceMailbox::with);
        });
    return mailboxes;
  }

  private static BounceMailbox of(OpenedAccount account) {
    boolean tls = !setting(account, "bounce_security", "tls").equals("none");
    String host = setting(account, HOST, "");
    int port = port(setting(account, "bounce_port", ""), tls ? TLS_PORT : PLAIN_PORT);
    String username = setting(account, "bounce_username", "");
    String password = account.secret().getOrDefault(PASSWORD, "");
    String folder = setting(account, "bounce_folder", "INBOX");
    String processed = setting(account, "bounce_processed_folder", "");
    return new BounceMailbox(
        key(host, Integer.toString(port), Boolean.toString(tls), username, folder, password),
        host,
        port,
        tls,
        username,
        password,
        folder,
        processed.isEmpty() ? null : processed,
        Set.of(account.tenantId()));
  }

  private BounceMailbox with(BounceMailbox other) {
    Set<UUID> all = new LinkedHashSet<>(tenants);
    all.addAll(other.tenants);
    return new BounceMailbox(
        key, host, port, tls, username, password, folder, processedFolder, Set.copyOf(all));
  }

  private static String setting(OpenedAccount account, String name, String otherwise) {
    return account.settings().getOrDefault(name, otherwise).strip();
  }

  private static int port(String value, int otherwise) {
    try {
      return value.isEmpty() ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static String key(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
      return "imap " + HexFormat.of().formatHex(hash).substring(0, KEY_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Never prints the password. */
  @Override
  public String toString() {
    return "BounceMailbox[" + host + ":" + port + ", " + folder + "]";
  }
}
