package io.fanfare.localstack.simulator;

import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.mailbox.Letters;
import io.fanfare.localstack.simulator.mailbox.SimulatorServer;
import io.fanfare.localstack.simulator.recipient.RecipientBehaviour;
import io.fanfare.localstack.simulator.recipient.Recipients;
import io.fanfare.localstack.simulator.smtp.SmtpSettings;
import io.fanfare.localstack.simulator.smtp.SmtpSimulator;
import io.fanfare.localstack.simulator.telegram.TelegramSettings;
import io.fanfare.localstack.simulator.telegram.TelegramSimulator;
import java.net.InetAddress;
import java.time.Clock;

/** Both providers, their common log and the mailbox page with the control interface. */
public final class Simulators implements AutoCloseable {

  private final ProviderLog log;
  private final SmtpSimulator smtp;
  private final TelegramSimulator telegram;
  private final Recipients recipients;
  private final SimulatorServer server;

  /**
   * @param smtp how the SMTP server presents itself
   * @param telegram how the Bot API presents itself
   * @param httpAddress where the mailbox page is
   * @param httpPort of the mailbox page, 0 for any free one
   * @param countOnly true to keep no messages, as benchmarks do
   */
  public record Settings(
      SmtpSettings smtp,
      TelegramSettings telegram,
      InetAddress httpAddress,
      int httpPort,
      boolean countOnly) {

    /** Loopback, any ports, messages kept. */
    public static Settings local() {
      return new Settings(
          SmtpSettings.local(),
          TelegramSettings.local(),
          InetAddress.getLoopbackAddress(),
          0,
          false);
    }
  }

  private Simulators(Settings settings) {
    log = new ProviderLog(!settings.countOnly(), Clock.systemUTC());
    smtp = SmtpSimulator.start(settings.smtp(), new Faults(), log);
    telegram = TelegramSimulator.start(settings.telegram(), new Faults(), log);
    recipients = new Recipients(log, Letters::read, telegram.updates());
    server =
        SimulatorServer.start(
            settings.httpAddress(),
            settings.httpPort(),
            log,
            smtp.faults(),
            telegram.faults(),
            recipients);
  }

  public static Simulators start(Settings settings) {
    return new Simulators(settings);
  }

  public ProviderLog log() {
    return log;
  }

  public SmtpSimulator smtp() {
    return smtp;
  }

  public TelegramSimulator telegram() {
    return telegram;
  }

  /** Who opens and clicks what was taken; nobody, until told how to behave. */
  public Recipients recipients() {
    return recipients;
  }

  public SimulatorServer server() {
    return server;
  }

  /** Accepts everything again, lets recipients do nothing and forgets what was taken. */
  public void reset() {
    smtp.faults().plan(FaultPlan.NONE);
    telegram.faults().plan(FaultPlan.NONE);
    recipients.behave(RecipientBehaviour.NONE);
    recipients.forget();
    telegram.forgetUpdates();
    log.reset();
  }

  @Override
  public void close() {
    server.close();
    recipients.close();
    telegram.close();
    smtp.close();
  }
}
