package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void theFullBarIsOneLineHoweverOftenItIsLookedAt() {
    Console console = console(true);
    console.progress(50, 100, 10);
    console.progress(100, 100, 10);
    console.progress(100, 100, 5);
    console.progress(100, 100, 0);
    assertThat(written()).containsOnlyOnce("\n").endsWith("\n").containsOnlyOnce("100 %");
  }

  @Test
  void withoutATerminalALineSaysEachTenth() {
    Console console = console(false);
    for (int done = 0; done <= 1_000; done++) {
      console.progress(done, 1_000, 10);
    }
    console.progress(1_000, 1_000, 0);
    assertThat(written().lines()).hasSize(11);
    assertThat(written()).contains("  0 %  0 of 1,000", "100 %  1,000 of 1,000");
  }

  private Console console(boolean terminal) {
    return new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
