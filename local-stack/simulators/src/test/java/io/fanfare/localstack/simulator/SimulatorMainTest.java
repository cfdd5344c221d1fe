package io.fanfare.localstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SimulatorMainTest {

  @Test
  void runsAloneUntilSigterm() throws Exception {
    var process = start("--count-only", "--smtp-login=user:secret", "--telegram-tokens=1:a,2:b");
    try (var output = process.inputReader()) {
      var ready =
          output
              .lines()
              .filter(line -> line.startsWith("simulators ready "))
              .findFirst()
              .orElseThrow();
      var port = Pattern.compile("smtp=(\\d+) telegram=\\d+ http=\\d+").matcher(ready);
      assertThat(port.find()).isTrue();
      try (var socket = new Socket("127.0.0.1", Integer.parseInt(port.group(1)))) {
        var greeting = new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
        assertThat(greeting).isEqualTo("220 ");
      }
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void refusesUnknownOptions() throws Exception {
    var process = start("--smpt-port=25");
    try (var output = process.inputReader()) {
      assertThat(output.lines().toList())
          .anyMatch(line -> line.contains("Unknown option --smpt-port=25"));
      assertThat(process.waitFor()).isNotZero();
    }
  }

  private static Process start(String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SimulatorMain.class.getName()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
