package io.fanfare.benchmark;

import io.fanfare.benchmark.asking.AskingOptions;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param channel {@code email} or {@code telegram}
 * @param recipients how many; below 100,000 the JVMs' warm-up is a large part of the figures
 * @param json whether the last line is one JSON object
 * @param senderOnly the worker's e-mail path alone, without services, broker and database
 * @param dkim with {@code senderOnly}: every message is signed
 */
record BenchOptions(
    String channel, int recipients, boolean json, boolean senderOnly, boolean dkim) {

  static final String USAGE =
      "usage: bench [--channel email|telegram] [--recipients N] [--json]\n"
          + "       bench --sender-only [--dkim] [--recipients N] [--json]\n"
          + "       bench --endpoints [--rate N] [--seconds N] [--json]\n"
          + AskingOptions.USAGE
          + "\n"
          + ImportOptions.USAGE;

  /**
   * @throws IllegalArgumentException when an argument is unknown or out of range
   */
  static BenchOptions parse(String[] arguments) {
    String channel = "email";
    @Nullable Integer given = null;
    boolean json = false;
    boolean senderOnly = false;
    boolean dkim = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--json" -> json = true;
        case "--sender-only" -> senderOnly = true;
        case "--dkim" -> dkim = true;
        case "--channel" -> channel = value(arguments, ++i);
        case "--recipients" -> given = Integer.valueOf(value(arguments, ++i));
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (!channel.equals("email") && !channel.equals("telegram")) {
      throw new IllegalArgumentException("--channel is email or telegram");
    }
    if (senderOnly && !channel.equals("email") || dkim && !senderOnly) {
      throw new IllegalArgumentException("--sender-only is of e-mail, and --dkim of --sender-only");
    }
    int recipients = given != null ? given : senderOnly ? 300_000 : 100_000;
    if (recipients < 1 || recipients > 5_000_000) {
      throw new IllegalArgumentException("--recipients is 1 to 5,000,000");
    }
    return new BenchOptions(channel, recipients, json, senderOnly, dkim);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }
}
