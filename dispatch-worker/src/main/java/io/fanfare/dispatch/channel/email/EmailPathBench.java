package io.fanfare.dispatch.channel.email;

import com.sun.management.OperatingSystemMXBean;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.lang.management.ManagementFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;

/**
 * The sender alone, to be measured: sends messages of six variables to an SMTP server on this
 * machine as the worker would, and prints the CPU time of this process for each. The service never
 * runs it; {@code ./fanfare bench --sender-only} does, out of the worker's own jar.
 */
public final class EmailPathBench {

  private static final MessageContent.Email CONTENT =
      new MessageContent.Email(
          "{{ contact.name }}, your lessons of {{ vars.week }}",
          """
          <html><body><h1>Hello {{ contact.name }}</h1>
          <p>Your next lesson in {{ contact.custom.course }} begins on {{ contact.custom.day }} \
          at {{ contact.custom.hour }}, in room {{ contact.custom.room }}.</p>
          <p>Please bring your notes from last time, and what you have read since then. If \
          something came up, answer to this message: we will find another day.</p>
          <p><a href="https://school.example/lessons/{{ contact.custom.course }}">See all \
          lessons of the week {{ vars.week }}</a></p>
          <p>Lessons that you cannot attend are no loss as long as you tell us a day before; the \
          hour is then given to somebody who waits for one, and yours is kept for you. What you \
          pay for a month stays the same, whichever hour of the week you choose in the end.</p>
          <p>Your school</p></body></html>
          """,
          """
          Hello {{ contact.name }},

          your next lesson in {{ contact.custom.course }} begins on {{ contact.custom.day }} at \
          {{ contact.custom.hour }}, in room {{ contact.custom.room }}.
          Please bring your notes from last time, and what you have read since then. If something \
          came up, answer to this message: we will find another day. Lessons that you cannot attend \
          are no loss as long as you tell us a day before.

          Your school
          """);

  private final EmailChannelSender sender =
      new EmailChannelSender(
          settings(),
          new AllowedTargets(true),
          (SSLSocketFactory) SSLSocketFactory.getDefault(),
          Clock.systemUTC());
  private final UUID tenant = UUID.randomUUID();
  private final UUID broadcast = UUID.randomUUID();
  private final OpenedAccount account;
  private final CompiledContent content;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong taken = new AtomicLong();

  private EmailPathBench(int port, Map<String, String> settings, Map<String, String> secret) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("host", "127.0.0.1");
    all.put("port", Integer.toString(port));
    all.put("security", "none");
    all.put("from", "news@school.example");
    all.put("from_name", "The School");
    account = new OpenedAccount(UUID.randomUUID(), tenant, Channel.EMAIL, 1, 0, all, secret);
    content =
        sender.compile(
            CONTENT,
            account,
            new BroadcastFacts(broadcast, tenant, "bench", "a", Map.of("week", "23")));
  }

  /**
   * Arguments: port, messages to measure, messages to warm up with, connections, and {@code dkim}
   * to sign with a key made for it.
   */
  public static void main(String[] arguments) throws Exception {
    int messages = Integer.parseInt(arguments[1]);
    int connections = Integer.parseInt(arguments[3]);
    boolean dkim = arguments.length > 4 && arguments[4].equals("dkim");
    EmailPathBench bench =
        new EmailPathBench(
            Integer.parseInt(arguments[0]),
            dkim ? Map.of("dkim_domain", "school.example", "dkim_selector", "bench") : Map.of(),
            dkim ? Map.of("dkim_private_key", newKey()) : Map.of());
    bench.send(Integer.parseInt(arguments[2]), connections);
    long cpu = cpuNanos();
    long begun = System.nanoTime();
    bench.send(messages, connections);
    long cpuUsed = cpuNanos() - cpu;
    long took = System.nanoTime() - begun;
    System.out.printf(
        Locale.ROOT,
        "sent=%d broadcast=%s bytes=%d cpu_micros=%.1f per_second=%.0f%n",
        bench.taken.get(),
        bench.broadcast,
        bench.bytes(),
        cpuUsed / 1e3 / messages,
        messages * 1e9 / took);
    bench.sender.close();
  }

  private static String newKey() throws NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private void send(int messages, int connections) throws InterruptedException {
    int until = next.get() + messages;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      threads.add(Thread.ofVirtual().start(() -> sendUntil(until)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    next.set(until);
  }

  private void sendUntil(int until) {
    int from = next.getAndAdd(sender.batchSize());
    while (from < until) {
      List<PreparedMessage> batch = new ArrayList<>(sender.batchSize());
      for (int n = from; n < Math.min(until, from + sender.batchSize()); n++) {
        batch.add(message(n));
      }
      sender.send(
          account,
          batch,
          message -> true,
          (message, outcome) -> {
            if (!(outcome instanceof SendOutcome.Sent)) {
              throw new IllegalStateException(outcome.toString());
            }
            taken.incrementAndGet();
          });
      from = next.getAndAdd(sender.batchSize());
    }
  }

  private PreparedMessage message(int n) {
    Map<String, Object> contact =
        Map.of(
            "name",
            "Ann Example " + n,
            "custom",
            Map.of("course", "algebra", "day", "Monday", "hour", "9:30", "room", "B 12"));
    SendMessage command =
        new SendMessage(
            tenant,
            broadcast,
            n,
            Channel.EMAIL,
            1,
            1,
            Bucket.IN_FLIGHT,
            false,
            LocalDate.EPOCH,
            new Lane(account.accountId(), 0),
            "a",
            1,
            "ann" + n + "@example.org",
            Instant.EPOCH,
            contact);
    return new PreparedMessage(
        command, content, Map.of("contact", contact, "vars", Map.of("week", "23")));
  }

  private int bytes() {
    return content instanceof EmailContent email
        ? email.build(message(1_000_000), Instant.now(), new MessageBytes(4096)).message().length
        : 0;
  }

  /** As the worker's own environment sets them, else their defaults. */
  private static SmtpSettings settings() {
    return Binder.get(new StandardEnvironment())
        .bindOrCreate("fanfare.dispatch.email", SmtpSettings.class);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
