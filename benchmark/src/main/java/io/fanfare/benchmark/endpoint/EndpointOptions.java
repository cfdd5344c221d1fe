package io.fanfare.benchmark.endpoint;

import java.util.List;

/**
 * How the endpoints are loaded.
 *
 * @param rate requests a second, to each endpoint after the other
 * @param seconds how long each is measured; all are warmed up before, each for half as long
 * @param json whether the last line is one JSON object
 */
public record EndpointOptions(int rate, int seconds, boolean json) {

  private static final String FLAG = "--endpoints";

  /** Whether arguments of the command {@code bench} ask for this. */
  public static boolean isMeantBy(String[] arguments) {
    return List.of(arguments).contains(FLAG);
  }

  /**
   * @throws IllegalArgumentException when an argument is unknown or out of range
   */
  public static EndpointOptions parse(String[] arguments) {
    int rate = 2_000;
    int seconds = 20;
    boolean json = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case FLAG -> {}
        case "--json" -> json = true;
        case "--rate" -> rate = number(arguments, ++i, 1, 50_000);
        case "--seconds" -> seconds = number(arguments, ++i, 1, 600);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    return new EndpointOptions(rate, seconds, json);
  }

  private static int number(String[] arguments, int index, int least, int most) {
    String name = arguments[index - 1];
    if (index >= arguments.length) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    int value = Integer.parseInt(arguments[index]);
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " is " + least + " to " + most);
    }
    return value;
  }
}
