package io.fanfare.localstack.runner;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** What the commands say on the terminal. */
final class Console {

  private static final int BAR_WIDTH = 30;

  private final PrintStream out;
  private final boolean terminal;
  private final long begun = System.nanoTime();
  private int lastPercent = -1;

  Console(PrintStream out) {
    this(out, System.console() != null && System.console().isTerminal());
  }

  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  boolean interactive() {
    return terminal;
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  void starting(String part) {
    line("%5.1f s  starting %s".formatted(seconds(), part));
  }

  void started(LocalStack stack) {
    line("%5.1f s  ready".formatted(seconds()));
    line("");
    line("  REST API    " + stack.baseUrl());
    line("  Swagger UI  " + stack.baseUrl().resolve("/swagger-ui.html"));
    line("  Mailbox     " + stack.mailboxUrl());
    line("  Admin key   " + stack.keys().adminKey().orElseThrow());
    line("              (kept in " + stack.keys().file() + ", readable by you alone)");
    line("");
  }

  /**
   * A progress bar; on a terminal it moves, elsewhere a line says each tenth.
   *
   * @param done what has ended
   * @param planned of how much
   * @param rate ends a second, now
   */
  void progress(long done, long planned, double rate) {
    int percent = planned == 0 ? 100 : (int) (100 * done / planned);
    String eta = rate < 1 ? "–" : "%.0f s".formatted((planned - done) / rate);
    String figures =
        String.format(
            Locale.ROOT, "%3d %%  %,d of %,d  %,.0f/s  ETA %s", percent, done, planned, rate, eta);
    if (percent == 100 && lastPercent == 100) {
      // Said already: all have ended, and the broadcast's own end follows.
      return;
    }
    if (terminal) {
      int filled = BAR_WIDTH * percent / 100;
      String bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
      out.print("\r  " + bar + "  " + figures + "        ");
      if (percent == 100) {
        out.println();
      }
      out.flush();
    } else if (percent / 10 != lastPercent / 10 || lastPercent < 0) {
      line("  " + figures);
    }
    lastPercent = percent;
  }

  void awaitEnter() {
    try {
      int read = System.in.read();
      while (read != '\n' && read >= 0) {
        read = System.in.read();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }
}
