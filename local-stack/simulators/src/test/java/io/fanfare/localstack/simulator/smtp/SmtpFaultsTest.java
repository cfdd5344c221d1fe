package io.fanfare.localstack.simulator.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmtpFaultsTest {

  private static final String MESSAGE = "Subject: Hi\r\n\r\nHello ref:b1";

  private final ProviderLog log = new ProviderLog(false, Clock.systemUTC());
  private final Faults faults = new Faults();
  private SmtpSimulator smtp;

  @BeforeEach
  void start() {
    smtp = SmtpSimulator.start(SmtpSettings.local(), faults, log);
  }

  @AfterEach
  void stop() {
    smtp.close();
  }

  @Test
  void refusesExactlyTheAddressesThePlanNames() throws Exception {
    var plan = FaultPlan.NONE.refusing(0.3, 0.2).seeded(7);
    faults.plan(plan);
    try (var wire = SmtpWire.greeted(smtp.port())) {
      for (int i = 0; i < 200; i++) {
        var address = "user" + i + "@example.test";
        var expected =
            switch (plan.fate(address)) {
              case REFUSED -> "550 5.1.1 ";
              case UNKNOWN -> "550 5.1.10 ";
              default -> "250 2.0.0 ";
            };
        assertThat(wire.send(address, MESSAGE)).startsWith(expected);
        wire.ask("RSET");
      }
    }
    var report = log.report();
    assertThat(report.attempts()).isEqualTo(200);
    assertThat(report.accepted()).isBetween(70L, 130L).isEqualTo(report.distinct());
  }

  @Test
  void defersTheFirstTriesOfABroadcastAndThenAccepts() throws Exception {
    faults.plan(FaultPlan.NONE.deferring(1, 2, 5));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("451 4.3.0");
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("451 4.3.0");
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("250 ");
      assertThat(wire.send("a@example.test", MESSAGE.replace("b1", "b2"))).startsWith("451 ");
    }
    assertThat(log.report("b1").attempts()).isEqualTo(3);
    assertThat(log.report("b1").accepted()).isEqualTo(1);
  }

  @Test
  void dropsTheAnswerOfAMessageItRecorded() throws Exception {
    faults.plan(FaultPlan.NONE.dropping(0, 1));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("a@example.test", MESSAGE)).isNull();
    }
    assertThat(log.report("b1").accepted()).isEqualTo(1);
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("250 ");
    }
    assertThat(log.report("b1").duplicates()).isEqualTo(1);
  }

  @Test
  void dropsAMessageBeforeItRecordsIt() throws Exception {
    faults.plan(FaultPlan.NONE.dropping(1, 0));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("a@example.test", MESSAGE)).isNull();
    }
    assertThat(log.report("b1").accepted()).isZero();
    assertThat(log.report("b1").attempts()).isEqualTo(1);
  }

  @Test
  void earlierAnswersOfAChainArriveEvenWhenOneIsDropped() throws Exception {
    var dropped = firstWith(Fate.DROPPED_AFTER, FaultPlan.NONE.dropping(0, 0.2));
    var accepted = firstWith(Fate.ACCEPTED, FaultPlan.NONE.dropping(0, 0.2));
    faults.plan(FaultPlan.NONE.dropping(0, 0.2));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.ask("MAIL FROM:<s@example.test>")).startsWith("250 ");
      assertThat(wire.ask("RCPT TO:<" + accepted + ">")).startsWith("250 ");
      assertThat(wire.ask("DATA")).startsWith("354 ");
      // Everything at once, and more behind the dropped one, which must not take the first answer
      // away.
      wire.write(
          MESSAGE
              + "\r\n.\r\nMAIL FROM:<s@example.test>\r\nRCPT TO:<"
              + dropped
              + ">\r\nDATA\r\n"
              + MESSAGE
              + "\r\n.\r\n"
              + "MAIL FROM:<s@example.test>\r\nRCPT TO:<x@example.test>\r\nDATA\r\n");
      assertThat(wire.reply()).startsWith("250 2.0.0");
      assertThat(wire.reply()).startsWith("250 2.1.0");
      assertThat(wire.reply()).startsWith("250 2.1.5");
      assertThat(wire.reply()).startsWith("354 ");
      assertThat(wire.reply()).isNull();
    }
    assertThat(log.report("b1").accepted()).isEqualTo(2);
  }

  @Test
  void failsWith421AndCloses() throws Exception {
    faults.plan(FaultPlan.NONE.failing(1));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("421 4.3.2");
      assertThat(wire.reply()).isNull();
    }
  }

  @Test
  void stallsBeforeTheAnswer() throws Exception {
    faults.plan(FaultPlan.NONE.stalling(1, 300));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      long start = System.nanoTime();
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("250 ");
      assertThat(System.nanoTime() - start).isGreaterThan(290_000_000L);
    }
  }

  @Test
  void turnsAwayWhatIsAboveTheLimit() throws Exception {
    faults.plan(FaultPlan.NONE.limitedTo(3));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(wire.send("a" + i + "@example.test", MESSAGE)).startsWith("250 ");
      }
      assertThat(wire.send("a4@example.test", MESSAGE)).startsWith("421 4.7.0");
      assertThat(wire.reply()).isNull();
    }
    assertThat(log.report("b1").markers().getFirst().peakPerSecond()).isEqualTo(3);
    assertThat(log.report().attempts()).isEqualTo(4);
  }

  @Test
  void cutsConnectionsOnRequest() throws Exception {
    try (var wire = SmtpWire.greeted(smtp.port())) {
      smtp.cutConnections();
      assertThat(wire.reply()).isNull();
    }
    assertThat(smtp.connections()).isEqualTo(1);
  }

  private static String firstWith(Fate fate, FaultPlan plan) {
    for (int i = 0; ; i++) {
      var address = "user" + i + "@example.test";
      if (plan.fate(address) == fate) {
        return address;
      }
    }
  }
}
