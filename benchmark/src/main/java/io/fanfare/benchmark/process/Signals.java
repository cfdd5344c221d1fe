package io.fanfare.benchmark.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends the signals Java itself has no words for. */
final class Signals {

  private Signals() {}

  /**
   * @param signal its name without SIG, such as {@code STOP}
   * @throws IllegalStateException when there is no such process
   */
  static void send(String signal, long pid) {
    try {
      int status =
          new ProcessBuilder("sh", "-c", "kill -" + signal + " \"$0\"", Long.toString(pid))
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException("no process " + pid + " to send " + signal + " to");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
