package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.localstack.simulator.Simulators;
import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.log.RecipientCount;
import io.fanfare.localstack.simulator.smtp.SmtpSettings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the simulated provider, whose own log judges the outcomes. */
class EmailSimulatorTest {

  private static final int MESSAGES = 1000;

  private Simulators simulators;
  private EmailChannelSender sender;
  private final EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();

  @BeforeEach
  void start() {
    simulators = Simulators.start(Simulators.Settings.local());
    sender =
        new EmailChannelSender(
            EmailFixture.settings(),
            new AllowedTargets(true),
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    sender.close();
    simulators.close();
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "true, 20", "false, 0", "false, 20"})
  void tellsWhatTheProviderReallyTook(boolean pipelining, int messagesPerConnection)
      throws InterruptedException {
    simulators
        .smtp()
        .change(settings -> {
          SmtpSettings wanted = settings.withMessagesPerConnection(messagesPerConnection);
          return pipelining ? wanted : wanted.withoutPipelining();
        });
    FaultPlan plan =
        FaultPlan.NONE
            .refusing(0.03, 0.02)
            .deferring(0.05, 1, 1)
            .failing(0.02)
            .dropping(0.02, 0.02);
    simulators.smtp().faults().plan(plan);
    sendAll();

    Set<String> taken = taken();
    assertThat(outcomes.all()).hasSize(MESSAGES);
    outcomes
        .all()
        .forEach((address, outcome) -> {
          switch (outcome) {
            case SendOutcome.Sent sent -> assertThat(taken).contains(address);
            case SendOutcome.Unknown unknown ->
                assertThat(plan.fate(address)).isIn(Fate.DROPPED_BEFORE, Fate.DROPPED_AFTER);
            default -> assertThat(taken).doesNotContain(address);
          }
        });
    assertThat(simulators.log().recipients(email(), EmailFixture.BROADCAST.toString(), 2))
        .isEmpty();
    assertThat(count(SendOutcome.Unknown.class)).isBetween(10L, 80L);
    assertThat(count(SendOutcome.Sent.class)).isBetween(750L, 900L);
    assertThat(count(SendOutcome.AccountRefused.class)).isZero();
  }

  @Test
  void isToldToSlowDown() throws InterruptedException {
    simulators.smtp().faults().plan(FaultPlan.NONE.limitedTo(100));
    sendAll();
    assertThat(taken()).hasSize(Math.toIntExact(count(SendOutcome.Sent.class)));
    assertThat(outcomes.all().values())
        .allMatch(outcome ->
            outcome instanceof SendOutcome.Sent
                || outcome instanceof SendOutcome.Deferred deferred && deferred.rateLimited());
  }

  @Test
  void logsInWithTheRightPasswordOnly() {
    simulators.smtp().change(settings -> settings.withLogin("joe", "s3cret"));
    assertThat(sender.test(account("s3cret")).ok()).isTrue();
    assertThat(sender.test(account("wrong")).code()).isEqualTo("login_refused");
  }

  private void sendAll() throws InterruptedException {
    OpenedAccount account = account("");
    CompiledContent content = sender.compile(EmailFixture.CONTENT, account, EmailFixture.facts());
    List<Thread> threads =
        IntStream.range(0, MESSAGES / 50)
            .mapToObj(n ->
                Thread.startVirtualThread(() ->
                    sender.send(
                        account,
                        EmailFixture.messages(content, n * 50 + 1, n * 50 + 50),
                        message -> true,
                        outcomes)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private OpenedAccount account(String password) {
    return EmailFixture.account(
        simulators.smtp().port(),
        password.isEmpty() ? Map.of() : Map.of("username", "joe"),
        password);
  }

  private Set<String> taken() {
    return simulators.log().recipients(email(), EmailFixture.BROADCAST.toString(), 1).stream()
        .map(RecipientCount::address)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private long count(Class<? extends SendOutcome> kind) {
    return outcomes.all().values().stream().filter(kind::isInstance).count();
  }

  private static io.fanfare.localstack.simulator.Channel email() {
    return io.fanfare.localstack.simulator.Channel.of("email");
  }
}
