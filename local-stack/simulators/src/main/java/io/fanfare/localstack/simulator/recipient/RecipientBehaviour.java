package io.fanfare.localstack.simulator.recipient;

import io.fanfare.localstack.simulator.fault.Draw;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How recipients behave. Rates are parts (0–1) of the recipients; who does what is decided by the
 * address and the seed alone, so that the same people do the same again. Whoever is among the
 * clickers is among the openers too where these are no fewer.
 *
 * @param rules the first whose text the subject contains applies; at most 100
 * @param others where no rule applies
 * @param machineShare addresses before which a scanner looks at every message: HEAD of its links,
 *     GET of its pixel, with an agent of its own
 * @param thinkMillis from the acceptance until anything is done, at most an hour
 * @param seed another seed chooses other people
 */
public record RecipientBehaviour(
    List<Rule> rules, Rates others, double machineShare, int thinkMillis, long seed) {

  private static final int RULES_MOST = 100;
  private static final int THINK_MOST = 3_600_000;

  /** Nobody does anything. */
  public static final RecipientBehaviour NONE =
      new RecipientBehaviour(List.of(), Rates.NONE, 0, 3_000, 0);

  /**
   * Part of the recipients that open, click and answer.
   *
   * @param open of e-mail
   * @param click of e-mail and of Telegram messages with buttons
   * @param reply of Telegram
   * @param press a button of Telegram that tells the bot so
   */
  public record Rates(double open, double click, double reply, double press) {

    static final Rates NONE = new Rates(0, 0, 0);

    public Rates {
      share(open);
      share(click);
      share(reply);
      share(press);
    }

    /** Of people who press nothing. */
    public Rates(double open, double click, double reply) {
      this(open, click, reply, 0);
    }
  }

  /** The rates of messages whose subject contains the text. */
  public record Rule(String text, @Nullable Rates rates) {}

  /** What one recipient does with one message. */
  record Reaction(
      boolean opens, boolean clicks, boolean replies, boolean machine, boolean presses) {}

  /**
   * @throws IllegalArgumentException when a rate is outside 0–1, a text empty or a number out of
   *     bounds
   */
  public RecipientBehaviour {
    rules = List.copyOf(rules);
    if (rules.size() > RULES_MOST) {
      throw new IllegalArgumentException("At most " + RULES_MOST + " rules");
    }
    for (Rule rule : rules) {
      if (rule.text() == null || rule.text().isEmpty()) {
        throw new IllegalArgumentException("The text of a rule is not empty");
      }
    }
    if (others == null) {
      throw new IllegalArgumentException("The rates of others are missing");
    }
    share(machineShare);
    if (thinkMillis < 0 || thinkMillis > THINK_MOST) {
      throw new IllegalArgumentException("think_millis is from 0 to " + THINK_MOST);
    }
  }

  private static void share(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("A rate is 0 to 1, not " + share);
    }
  }

  /** Whether anybody may do anything. */
  boolean isActive() {
    return !rules.isEmpty() || !others.equals(Rates.NONE) || machineShare > 0;
  }

  /** The text of the rule that applies to a subject; empty when none does. */
  String ruleOf(String subject) {
    return rules.stream().map(Rule::text).filter(subject::contains).findFirst().orElse("");
  }

  /** What a recipient does with a message with this subject. */
  Reaction reaction(String subject, String address) {
    Rates rates =
        rules.stream()
            .filter(rule -> subject.contains(rule.text()))
            .findFirst()
            .map(rule -> rule.rates() == null ? Rates.NONE : rule.rates())
            .orElse(others);
    double interest = Draw.uniform(seed, 11, address);
    return new Reaction(
        interest < rates.open(),
        interest < rates.click(),
        Draw.uniform(seed, 12, address) < rates.reply(),
        Draw.uniform(seed, 13, address) < machineShare,
        Draw.uniform(seed, 15, address) < rates.press());
  }

  /** Which of several links a recipient clicks, or of several buttons he presses. */
  int chosen(String address, int links) {
    return Math.min(links - 1, (int) (Draw.uniform(seed, 14, address) * links));
  }
}
