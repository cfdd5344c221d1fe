package io.fanfare.benchmark.crash;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What to break.
 *
 * @param recipients how many, half of them on each channel, 100 to 1,000,000
 * @param kills how many workers are killed, 1 to 100; twice as many other faults are planned, at
 *     most one of each kind
 * @param seed of the plan of faults
 * @param json whether the last line is one JSON object
 * @param settings further variables for every service, such as a switch that breaks a guarantee on
 *     purpose
 * @param mutations not this, but a small run for each of these
 * @param countedEvents not this, but so many events counted by analytics that are killed; 0: this
 * @param holdBack not this, but a test whose hold-back is released while audience-service is killed
 */
public record CrashOptions(
    int recipients,
    int kills,
    long seed,
    boolean json,
    Map<String, String> settings,
    List<Mutation> mutations,
    int countedEvents,
    boolean holdBack) {

  public static final String USAGE =
      "usage: crash [--recipients N] [--kills K] [--seed S] [--json] [--set VARIABLE=VALUE]…"
          + " | crash --mutations [NAME…] | crash --counting [--events N]"
          + " | crash --hold-back [--recipients N] [--kills K] [--set VARIABLE=VALUE]…";

  public CrashOptions {
    if (recipients < 100 || recipients > 1_000_000) {
      throw new IllegalArgumentException("--recipients is 100 to 1,000,000");
    }
    if (kills < 1 || kills > 100) {
      throw new IllegalArgumentException("--kills is 1 to 100");
    }
    if (countedEvents != 0 && (countedEvents < 1_000 || countedEvents > 10_000_000)) {
      throw new IllegalArgumentException("--events is 1,000 to 10,000,000");
    }
    settings = Map.copyOf(settings);
    mutations = List.copyOf(mutations);
  }

  /** Everything but a run for each mutation. */
  public CrashOptions(
      int recipients, int kills, long seed, boolean json, Map<String, String> settings) {
    this(recipients, kills, seed, json, settings, List.of(), 0, false);
  }

  /**
   * @throws IllegalArgumentException when an argument is unknown or out of range
   */
  public static CrashOptions parse(String[] arguments) {
    int recipients = 20_000;
    int kills = 10;
    long seed = ThreadLocalRandom.current().nextInt(1, 1_000_000);
    boolean json = false;
    List<Mutation> mutations = List.of();
    boolean counting = false;
    boolean holdBack = false;
    int events = 200_000;
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--json" -> json = true;
        case "--mutations" -> {
          mutations = mutations(arguments, i + 1);
          while (i + 1 < arguments.length && !arguments[i + 1].startsWith("--")) {
            i++;
          }
        }
        case "--counting" -> counting = true;
        case "--hold-back" -> holdBack = true;
        case "--events" -> events = (int) number(arguments, ++i);
        case "--recipients" -> recipients = (int) number(arguments, ++i);
        case "--kills" -> kills = (int) number(arguments, ++i);
        case "--seed" -> seed = number(arguments, ++i);
        case "--set" -> {
          String[] setting = value(arguments, ++i).split("=", 2);
          if (setting.length != 2) {
            throw new IllegalArgumentException("--set needs VARIABLE=VALUE");
          }
          settings.put(setting[0], setting[1]);
        }
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    return new CrashOptions(
        recipients, kills, seed, json, settings, mutations, counting ? events : 0, holdBack);
  }

  /** Those that are named next; all when none is. */
  private static List<Mutation> mutations(String[] arguments, int from) {
    List<Mutation> named =
        Arrays.stream(arguments)
            .skip(from)
            .takeWhile(argument -> !argument.startsWith("--"))
            .map(name -> Mutation.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    return named.isEmpty() ? List.of(Mutation.values()) : named;
  }

  private static long number(String[] arguments, int index) {
    String value = value(arguments, index);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a number, not " + value);
    }
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }
}
