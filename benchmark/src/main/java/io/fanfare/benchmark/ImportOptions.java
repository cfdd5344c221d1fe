package io.fanfare.benchmark;

/**
 * What to measure of an import.
 *
 * @param rows of the file, one in a hundred of them bad
 * @param heap of each service, as {@code -Xmx} takes it
 * @param kill audience-service is killed half-way and started again
 * @param estimates whom ten filters choose of the imported contacts is asked afterwards
 * @param json whether the last line is one JSON object
 */
record ImportOptions(int rows, String heap, boolean kill, boolean estimates, boolean json) {

  static final String USAGE =
      "       bench --import [--rows N] [--heap 512m] [--kill] [--estimates] [--json]";

  /**
   * @throws IllegalArgumentException when an argument is unknown or out of range
   */
  static ImportOptions parse(String[] arguments) {
    int rows = 1_000_000;
    String heap = "512m";
    boolean kill = false;
    boolean estimates = false;
    boolean json = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--import" -> {}
        case "--json" -> json = true;
        case "--kill" -> kill = true;
        case "--estimates" -> estimates = true;
        case "--rows" -> rows = Integer.parseInt(value(arguments, ++i));
        case "--heap" -> heap = value(arguments, ++i);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (rows < 1 || rows > 10_000_000 || !heap.matches("[1-9][0-9]{0,5}[kmg]")) {
      throw new IllegalArgumentException("--rows is 1 to 10,000,000, --heap such as 512m");
    }
    return new ImportOptions(rows, heap, kill, estimates, json);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }
}
