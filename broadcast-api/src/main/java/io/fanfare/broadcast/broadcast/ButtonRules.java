package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.content.MessageContent.Button;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether the presses a test compares can happen: every variant has a button that tells of them.
 */
final class ButtonRules {

  private ButtonRules() {}

  /**
   * @param plan the plan of the test
   * @param channel a channel of the broadcast
   * @param contents what each variant says there, in the order of the plan
   */
  static List<FieldProblem> check(
      AbTestPlan plan, Channel channel, List<BroadcastContent> contents) {
    // Elsewhere this metric is refused.
    if (plan.metric() != AbTest.Metric.BUTTON || !channel.equals(Channel.TELEGRAM)) {
      return List.of();
    }
    String button = plan.button();
    List<FieldProblem> problems = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      if (!has(contents.get(i).content(), button)) {
        problems.add(
            new FieldProblem(
                "/ab_test/variants/" + i + "/channels/" + channel + "/template_id",
                button == null
                    ? "the template has no button with data, whose presses the test compares"
                    : "the template has no button with the data " + button));
      }
    }
    return problems;
  }

  /**
   * @param data null: any
   */
  private static boolean has(MessageContent content, @Nullable String data) {
    return content instanceof MessageContent.Telegram telegram
        && telegram.buttons().stream()
            .flatMap(List::stream)
            .map(Button::data)
            .filter(Objects::nonNull)
            .anyMatch(any -> data == null || data.equals(any));
  }
}
