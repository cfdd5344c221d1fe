package io.fanfare.dispatch.channel.telegram;

import io.fanfare.dispatch.channel.OpenedAccount;

/**
 * What the lanes of a bot leave to its answers to people: one message a second, so that answers and
 * broadcasts together keep to the bot's limit whichever worker answers.
 */
final class AnswerRoom {

  /** Slower bots would give up too much of their rate, and answer nobody. */
  static final int SLOWEST = 10;

  private static final int ANSWERS_PER_SECOND = 1;

  private AnswerRoom() {}

  /** Whether a bot answers people. */
  static boolean answers(OpenedAccount account, boolean answering) {
    boolean slow = account.ratePerSecond() > 0 && account.ratePerSecond() < SLOWEST;
    return answering && !slow && !"off".equals(account.settings().get("updates"));
  }

  /** Messages a second its lanes leave alone; none where no limit is known. */
  static int kept(OpenedAccount account, boolean answering) {
    return account.ratePerSecond() > 0 && answers(account, answering) ? ANSWERS_PER_SECOND : 0;
  }
}
