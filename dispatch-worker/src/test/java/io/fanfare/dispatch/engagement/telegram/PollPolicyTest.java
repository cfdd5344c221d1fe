package io.fanfare.dispatch.engagement.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.channel.telegram.TelegramApi.Answer;
import io.fanfare.dispatch.engagement.telegram.PollPolicy.Progress;
import io.fanfare.dispatch.engagement.telegram.PollPolicy.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PollPolicyTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  private static final Duration MOST = Duration.ofSeconds(60);

  @Test
  void goesOnAfterTheHighestNumberAndForgetsItWhenAllIsConfirmed() {
    var step = next(Progress.START, done("{\"update_id\":7}", "{\"update_id\":9}"));
    assertThat(step.after()).isEqualTo(new Progress(10, 100, 0));
    assertThat(next(step.after(), done()).after()).isEqualTo(Progress.START);
  }

  @Test
  void waitsAsLongAsTelegramAsks() {
    var wait = waits(Progress.START, new Answer.Refused(429, "", Duration.ofSeconds(77)));
    assertThat(wait.pause()).isEqualTo(Duration.ofSeconds(77));
    assertThat(wait.cause()).isEqualTo("rate_limited");
  }

  @Test
  void leavesABotAloneLongerWithEachFailureAndOneOfAWrongTokenAtOnce() {
    var conflict = new Answer.Refused(409, "terminated by other getUpdates request", null);
    Progress progress = Progress.START;
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      var wait = waits(progress, conflict);
      pauses.add(wait.pause().toSeconds());
      progress = wait.after();
    }
    assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    assertThat(waits(Progress.START, new Answer.Refused(401, "Unauthorized", null)).pause())
        .isEqualTo(Duration.ofSeconds(16));
    assertThat(waits(Progress.START, new Answer.Failed("no route")).cause())
        .isEqualTo("unreachable");
  }

  @Test
  void tellsAWebhookInTheWay() {
    var wait =
        waits(
            Progress.START,
            new Answer.Refused(
                409, "Conflict: can't use getUpdates method while webhook is active", null));
    assertThat(wait.webhook()).isTrue();
    assertThat(waits(Progress.START, new Answer.Refused(409, "other", null)).webhook()).isFalse();
  }

  @Test
  void asksForOneAloneToPassOverWhatCannotBeRead() {
    byte[] broken = "{\"ok\":true,\"result\":[{\"update_id\":12,\"message\":".getBytes(UTF_8);
    var narrow = next(new Progress(12, 100, 0), new Answer.TooLong(broken));
    assertThat(narrow).isInstanceOf(Step.Narrow.class);
    assertThat(narrow.after().limit()).isEqualTo(1);
    var passed = next(narrow.after(), new Answer.Done(broken));
    assertThat(passed).isInstanceOf(Step.Take.class);
    assertThat(passed.after().offset()).isEqualTo(13);
  }

  @Test
  void doesNotTurnInACircleOverWhatHasNoNumberOrCameBefore() {
    assertThat(waits(Progress.START, done("{}")).cause()).isEqualTo("repeated");
    assertThat(waits(new Progress(10, 100, 0), done("{\"update_id\":9}")).cause())
        .isEqualTo("repeated");
    assertThat(waits(new Progress(10, 1, 0), new Answer.Done(new byte[0])).cause())
        .isEqualTo("unreadable");
  }

  /** Whatever a queue of updates holds, each is taken once and the offset gets past all. */
  @Test
  void noUpdateHoldsUpThoseBehindIt() {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      TreeMap<Long, String> queue = new TreeMap<>();
      for (long id = 100; id < 130; id++) {
        if (random.nextInt(3) > 0) {
          queue.put(id, content(random.nextInt(5), id));
        }
      }
      Set<Long> taken = new HashSet<>();
      Progress progress = Progress.START;
      int asked = 0;
      while (!queue.isEmpty()) {
        long offset = progress.offset();
        queue.headMap(offset).clear();
        var page = queue.values().stream().limit(progress.limit()).toList();
        Step step = next(progress, done(page.toArray(String[]::new)));
        assertThat(step).isNotInstanceOf(Step.Wait.class);
        if (step instanceof Step.Take take) {
          take.updates()
              .forEach(update -> assertThat(taken.add(update.updateId())).as("once").isTrue());
        }
        progress = step.after();
        assertThat(++asked).as("requests").isLessThan(200);
      }
      assertThat(progress).isEqualTo(Progress.START);
    }
  }

  private static String content(int kind, long id) {
    return switch (kind) {
      case 0 -> "{\"update_id\":" + id + ",\"message\":" + "[".repeat(200) + "]".repeat(200) + "}";
      case 1 -> "{\"update_id\":" + id + ",\"message\":3}";
      case 2 -> "{\"update_id\":" + id + ",\"x\":\"" + "y".repeat(50) + "\"}";
      default -> "{\"update_id\":" + id + "}";
    };
  }

  private static Step next(Progress progress, Answer answer) {
    return PollPolicy.next(progress, answer, NOW, MOST);
  }

  private static Step.Wait waits(Progress progress, Answer answer) {
    return (Step.Wait) next(progress, answer);
  }

  private static Answer done(String... updates) {
    return new Answer.Done(
        ("{\"ok\":true,\"result\":[" + String.join(",", updates) + "]}").getBytes(UTF_8));
  }
}
