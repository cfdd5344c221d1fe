package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.Figures.Taken;
import io.fanfare.benchmark.crash.RuleFigures.OfBroadcast;
import io.fanfare.benchmark.crash.RuleFigures.OptOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;

/**
 * Compares the providers' own log with the caps, quiet hours and opt-outs of contacts, over all
 * broadcasts; and each skip with the rule it is explained by.
 */
final class RuleChecker {

  private static final long SECOND = 1_000_000_000L;
  private static final String TELEGRAM = "telegram";
  private static final String OPTED_OUT = "opted_out";
  private static final String OVER_CAP = "over_cap";
  private static final String SUPPRESSED = "suppressed";

  private final RuleFigures figures;
  private final Map<Integer, List<OptOut>> optOuts = new HashMap<>();
  private final Map<Integer, Integer> handedOver = new HashMap<>();
  private final Set<Recipient> refused = new HashSet<>();

  private RuleChecker(RuleFigures figures) {
    this.figures = figures;
    figures
        .optOuts()
        .forEach(
            each -> optOuts.computeIfAbsent(each.contact(), any -> new ArrayList<>()).add(each));
    for (OfBroadcast broadcast : figures.broadcasts()) {
      broadcast.handedOver().forEach(who -> handedOver.merge(contact(who), 1, Integer::sum));
      refused.addAll(broadcast.refused());
    }
  }

  static RuleVerdict check(RuleFigures figures) {
    RuleChecker checker = new RuleChecker(figures);
    return new RuleVerdict(
        checker.aboveCaps(),
        checker.arrived(checker::isQuiet),
        checker.arrived(checker::isOptedOut),
        checker.skippedWithoutReason(),
        checker.skips());
  }

  /** A few of the messages that should not have come, for whoever has to find out why. */
  static Map<String, List<Recipient>> examples(RuleFigures figures) {
    RuleChecker checker = new RuleChecker(figures);
    Map<String, List<Recipient>> examples = new TreeMap<>();
    for (OfBroadcast broadcast : figures.broadcasts()) {
      broadcast
          .taken()
          .forEach((who, taken) -> {
            if (checker.count(broadcast, who, taken, checker::isQuiet) > 0) {
              add(examples, "in quiet hours", who);
            }
            if (checker.count(broadcast, who, taken, checker::isOptedOut) > 0) {
              add(examples, "after an opt-out", who);
            }
          });
      broadcast
          .skipped()
          .forEach((who, reason) -> {
            if (!checker.holds(who, reason)) {
              add(examples, "skipped without reason as " + reason, who);
            }
          });
    }
    return examples;
  }

  private static void add(Map<String, List<Recipient>> examples, String what, Recipient who) {
    List<Recipient> few = examples.computeIfAbsent(what, any -> new ArrayList<>());
    if (few.size() < 5) {
      few.add(who);
    }
  }

  private long aboveCaps() {
    Map<Integer, Integer> got = new HashMap<>();
    for (OfBroadcast broadcast : figures.broadcasts()) {
      broadcast
          .taken()
          .forEach((who, taken) -> got.merge(contact(who), taken.count(), Integer::sum));
    }
    return got.entrySet().stream()
        .mapToLong(each -> Math.max(0, each.getValue() - rule(each.getKey()).cap()))
        .sum();
  }

  private long arrived(BiPredicate<Recipient, Long> wrongly) {
    long sum = 0;
    for (OfBroadcast broadcast : figures.broadcasts()) {
      for (Map.Entry<Recipient, Taken> each : broadcast.taken().entrySet()) {
        sum += count(broadcast, each.getKey(), each.getValue(), wrongly);
      }
    }
    return sum;
  }

  private long count(
      OfBroadcast broadcast, Recipient who, Taken taken, BiPredicate<Recipient, Long> wrongly) {
    LongPredicate wrong = at -> wrongly.test(who, at);
    return broadcast.stoppedLate().contains(who) ? 0 : Checker.times(taken).filter(wrong).count();
  }

  private boolean isQuiet(Recipient who, long at) {
    return rule(contact(who)).isQuietAt(at);
  }

  private boolean isOptedOut(Recipient who, long at) {
    return optOuts(who).stream().anyMatch(each -> each.covers(who) && at - SECOND > each.holds());
  }

  private List<OptOut> optOuts(Recipient who) {
    return optOuts.getOrDefault(contact(who), List.of());
  }

  private long skippedWithoutReason() {
    return figures.broadcasts().stream()
        .flatMap(broadcast -> broadcast.skipped().entrySet().stream())
        .filter(skip -> !holds(skip.getKey(), skip.getValue()))
        .count();
  }

  /**
   * An opt-out was asked for, or the bot is blocked, which is one; or as many other messages to the
   * contact as its cap allows were handed over; or the provider refused another message to that
   * address, as it knows nobody there.
   */
  private boolean holds(Recipient who, String reason) {
    return switch (reason) {
      case OPTED_OUT ->
          blockedTheBot(who) || optOuts(who).stream().anyMatch(each -> each.covers(who));
      case SUPPRESSED -> refused.contains(who);
      case OVER_CAP -> handedOver.getOrDefault(contact(who), 0) >= rule(contact(who)).cap();
      default -> false;
    };
  }

  private boolean blockedTheBot(Recipient who) {
    return who.channel().equals(TELEGRAM) && refused.contains(who);
  }

  private Map<String, Long> skips() {
    Map<String, Long> skips = new TreeMap<>();
    figures
        .broadcasts()
        .forEach(broadcast ->
            broadcast.skipped().values().forEach(reason -> skips.merge(reason, 1L, Long::sum)));
    return skips;
  }

  private int contact(Recipient who) {
    Integer number = figures.contacts().get(who);
    if (number == null) {
      throw new IllegalStateException("nobody knows " + who);
    }
    return number;
  }

  private ContactRule rule(int contact) {
    ContactRule rule = figures.rules().get(contact);
    if (rule == null) {
      throw new IllegalStateException("no rule of contact " + contact);
    }
    return rule;
  }
}
