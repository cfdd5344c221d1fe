package io.fanfare.benchmark.asking;

import java.util.Arrays;
import java.util.List;

/**
 * What to ask about.
 *
 * @param recipients of the large broadcast
 * @param events what they did, all in all
 * @param json whether the last line is one JSON object
 */
public record AskingOptions(int recipients, int events, boolean json) {

  public static final String USAGE = "       bench --asking [--recipients N] [--events N] [--json]";

  private static final String ASKING = "--asking";
  private static final int MOST = 8_000_000;

  /** Whether these arguments ask for it. */
  public static boolean isMeant(String[] arguments) {
    return Arrays.asList(arguments).contains(ASKING);
  }

  /**
   * @throws IllegalArgumentException when an argument is unknown or out of range
   */
  public static AskingOptions parse(String[] arguments) {
    List<String> given = Arrays.asList(arguments);
    int recipients = 1_000_000;
    int events = 2_000_000;
    boolean json = false;
    for (int i = 0; i < given.size(); i++) {
      switch (given.get(i)) {
        case ASKING -> {}
        case "--json" -> json = true;
        case "--recipients" -> recipients = number(given, i++);
        case "--events" -> events = number(given, i++);
        default -> throw new IllegalArgumentException("unknown option " + given.get(i));
      }
    }
    return new AskingOptions(recipients, events, json);
  }

  private static int number(List<String> given, int option) {
    if (option + 1 >= given.size()) {
      throw new IllegalArgumentException(given.get(option) + " needs a value");
    }
    int value = Integer.parseInt(given.get(option + 1));
    if (value < 1_000 || value > MOST) {
      throw new IllegalArgumentException("%s is 1,000 to %,d".formatted(given.get(option), MOST));
    }
    return value;
  }
}
