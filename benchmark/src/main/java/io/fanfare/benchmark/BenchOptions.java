package io.fanfare.benchmark;

/**
 * What to measure.
 *
 * @param channel {@code email} or {@code telegram}
 * @param recipients how many; below 100,000 the JVMs' warm-up is a large part of the figures
 * @param json whether the last line is one JSON object
 */
record BenchOptions(String channel, int recipients, boolean json) {

  static final String USAGE = "usage: bench [--channel email|telegram] [--recipients N] [--json]";

  /**
   * @throws IllegalArgumentException when an argument is unknown or out of range
   */
  static BenchOptions parse(String[] arguments) {
    String channel = "email";
    int recipients = 100_000;
    boolean json = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--json" -> json = true;
        case "--channel" -> channel = value(arguments, ++i);
        case "--recipients" -> recipients = Integer.parseInt(value(arguments, ++i));
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (!channel.equals("email") && !channel.equals("telegram")) {
      throw new IllegalArgumentException("--channel is email or telegram");
    }
    if (recipients < 1 || recipients > 5_000_000) {
      throw new IllegalArgumentException("--recipients is 1 to 5,000,000");
    }
    return new BenchOptions(channel, recipients, json);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }
}
