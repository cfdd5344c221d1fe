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
 * @param folder where bounces come; by IMAP
 * @param processedFolder where those go that are dealt with, by IMAP; null when they are deleted
 * @param tenants whose messages the bounces may be about
 * @param protocol how it is spoken to
 * @param deletesUnmatched whether what is no report of ours is deleted too, by POP3; else it stays
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
    Set<UUID> tenants,
    Protocol protocol,
    boolean deletesUnmatched) {

  /** How a mailbox is spoken to. */
  enum Protocol {
    IMAP("imap", 993, 143),
    POP3("pop3", 995, 110);

    private final String id;
    private final int tlsPort;
    private final int plainPort;

    Protocol(String id, int tlsPort, int plainPort) {
      this.id = id;
      this.tlsPort = tlsPort;
      this.plainPort = plainPort;
    }
  }

  static final String HOST = "bounce_host";
  static final String PASSWORD = "bounce_password";
  private static final int KEY_CHARACTERS = 32;

  /** One that is spoken to by IMAP. */
  BounceMailbox(
      String key,
      String host,
      int port,
      boolean tls,
      String username,
      String password,
      String folder,
      @Nullable String processedFolder,
      Set<UUID> tenants) {
    this(
        key,
        host,
        port,
        tls,
        username,
        password,
        folder,
        processedFolder,
        tenants,
        Protocol.IMAP,
        false);
  }

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
    Protocol protocol =
        setting(account, "bounce_protocol", "").equals(Protocol.POP3.id)
            ? Protocol.POP3
            : Protocol.IMAP;
    boolean tls = !setting(account, "bounce_security", "tls").equals("none");
    String host = setting(account, HOST, "");
    int port =
        port(setting(account, "bounce_port", ""), tls ? protocol.tlsPort : protocol.plainPort);
    String username = setting(account, "bounce_username", "");
    String password = account.secret().getOrDefault(PASSWORD, "");
    String folder = setting(account, "bounce_folder", "INBOX");
    String processed = setting(account, "bounce_processed_folder", "");
    return new BounceMailbox(
        protocol.id
            + key(host, Integer.toString(port), Boolean.toString(tls), username, folder, password),
        host,
        port,
        tls,
        username,
        password,
        folder,
        processed.isEmpty() ? null : processed,
        Set.of(account.tenantId()),
        protocol,
        setting(account, "bounce_delete_unmatched", "").equals("true"));
  }

  private BounceMailbox with(BounceMailbox other) {
    Set<UUID> all = new LinkedHashSet<>(tenants);
    all.addAll(other.tenants);
    return new BounceMailbox(
        key,
        host,
        port,
        tls,
        username,
        password,
        folder,
        processedFolder,
        Set.copyOf(all),
        protocol,
        deletesUnmatched && other.deletesUnmatched);
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
      return " " + HexFormat.of().formatHex(hash).substring(0, KEY_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Never prints the password. */
  @Override
  public String toString() {
    return "BounceMailbox[" + protocol.id + " " + host + ":" + port + ", " + folder + "]";
  }
}
