package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.OutcomeSink;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Accounts, messages and outcomes as the dispatch loop would hand them over. */
final class EmailFixture {

  static final UUID BROADCAST = new UUID(7, 11);
  static final UUID ACCOUNT = new UUID(7, 12);
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  static final MessageContent.Email CONTENT =
      new MessageContent.Email(
          "Hello {{ contact.name }}",
          "<p>Hello {{ contact.name }}</p>",
          ".Hello {{ contact.name }},\n.\n..\nyours");

  private EmailFixture() {}

  static OpenedAccount account(int port, Map<String, String> more, String password) {
    return account(port, more, password, 1);
  }

  static OpenedAccount account(int port, Map<String, String> more, String password, long version) {
    Map<String, String> settings = new HashMap<>();
    settings.put("host", "localhost");
    settings.put("port", Integer.toString(port));
    settings.put("security", "none");
    settings.put("from", "news@example.com");
    settings.put("from_name", "The \"News\", daily");
    settings.putAll(more);
    return new OpenedAccount(
        ACCOUNT,
        new UUID(7, 13),
        Channel.EMAIL,
        version,
        0,
        settings,
        password.isEmpty() ? Map.of() : Map.of("password", password));
  }

  static OpenedAccount withSecret(OpenedAccount account, Map<String, String> secret) {
    return new OpenedAccount(
        account.accountId(),
        account.tenantId(),
        account.channel(),
        account.version(),
        account.ratePerSecond(),
        account.settings(),
        secret);
  }

  /** The next version of an account. */
  static OpenedAccount newer(OpenedAccount account) {
    return new OpenedAccount(
        account.accountId(),
        account.tenantId(),
        account.channel(),
        account.version() + 1,
        account.ratePerSecond(),
        account.settings(),
        account.secret());
  }

  static BroadcastFacts facts() {
    return new BroadcastFacts(BROADCAST, new UUID(7, 13), "spring", "a", Map.of());
  }

  static SmtpSettings settings() {
    return new SmtpSettings(
        8,
        50,
        1000,
        Duration.ofSeconds(5),
        Duration.ofMillis(700),
        Duration.ofMillis(700),
        Duration.ofMillis(700),
        Duration.ofSeconds(30));
  }

  /** Where nobody is to wait in vain, a busy machine may take its time. */
  static SmtpSettings patient() {
    return patient(Duration.ofSeconds(30));
  }

  static SmtpSettings patient(Duration connecting) {
    Duration patience = Duration.ofSeconds(30);
    return new SmtpSettings(8, 50, 1000, connecting, patience, patience, patience, patience);
  }

  static PreparedMessage message(
      CompiledContent content, long contactId, String address, String name) {
    Map<String, Object> contact = Map.of("name", name);
    SendMessage command =
        new SendMessage(
            new UUID(7, 13),
            BROADCAST,
            contactId,
            Channel.EMAIL,
            1,
            1,
            Bucket.IN_FLIGHT,
            false,
            LocalDate.of(2026, 3, 4),
            new Lane(ACCOUNT, 0),
            "a",
            1,
            address,
            NOW,
            contact);
    return new PreparedMessage(command, content, Map.of("contact", contact));
  }

  /** The same message with a link to unsubscribe; null for none. */
  static PreparedMessage withLink(PreparedMessage message, String link) {
    Map<String, Object> data = new HashMap<>(message.data());
    if (link != null) {
      data.put("unsubscribe_link", link);
    }
    return new PreparedMessage(message.command(), message.content(), data);
  }

  /** Messages to {@code user1@example.org} and so on. */
  static List<PreparedMessage> messages(CompiledContent content, int from, int until) {
    return IntStream.rangeClosed(from, until)
        .mapToObj(n -> message(content, n, address(n), "Ann " + n))
        .toList();
  }

  static String address(int n) {
    return "user" + n + "@example.org";
  }

  /** Collects outcomes; a second one of a message is a failure. */
  static final class Outcomes implements OutcomeSink {

    private final Map<String, SendOutcome> byAddress = new LinkedHashMap<>();
    private final List<String> repeated = new ArrayList<>();

    @Override
    public synchronized void accept(PreparedMessage message, SendOutcome outcome) {
      if (byAddress.put(message.address(), outcome) != null) {
        repeated.add(message.address());
      }
    }

    synchronized SendOutcome of(int n) {
      return byAddress.get(address(n));
    }

    synchronized Map<String, SendOutcome> all() {
      if (!repeated.isEmpty()) {
        throw new AssertionError("a second outcome of " + repeated);
      }
      return new LinkedHashMap<>(byAddress);
    }

    /** The cause code of the n-th message's outcome, or its kind where it has none. */
    String codeOf(int n) {
      return switch (of(n)) {
        case SendOutcome.Deferred deferred -> "deferred " + deferred.cause().code();
        case SendOutcome.Rejected rejected -> "rejected " + rejected.cause().code();
        case SendOutcome.Unknown unknown -> "unknown " + unknown.cause().code();
        case SendOutcome.NotSent notSent -> "not sent " + notSent.cause().code();
        case SendOutcome.AccountRefused refused -> "account " + refused.cause().code();
        case SendOutcome.Sent sent -> "sent";
        case SendOutcome.Stopped stopped -> "stopped";
        case null -> "none";
      };
    }

    List<String> codes(int count) {
      return IntStream.rangeClosed(1, count).mapToObj(this::codeOf).toList();
    }
  }
}
