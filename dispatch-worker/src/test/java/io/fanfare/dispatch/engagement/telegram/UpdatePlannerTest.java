package io.fanfare.dispatch.engagement.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Button;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Membership;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Text;
import io.fanfare.dispatch.engagement.telegram.UpdatePlanner.About;
import io.fanfare.dispatch.engagement.telegram.UpdatePlanner.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpdatePlannerTest {

  private static final Instant AT = Instant.ofEpochSecond(1_800_000_000L);
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void anAnswerIsAboutTheMessageItNames() {
    assertThat(plan(text("Yes", true, 9L)))
        .isEqualTo(new Plan.Did(new About.Message(77, 9), Kind.REPLIED, null, null));
    assertThat(plan(text("Yes", false, 9L)))
        .isEqualTo(new Plan.Did(new About.Message(77, 9), Kind.REPLIED, null, null));
  }

  @Test
  void aPlainMessageIsAboutTheNewestOfAWeekInPrivateAlone() {
    assertThat(plan(text("Yes", true, null)))
        .isEqualTo(
            new Plan.Did(
                new About.Newest(77, AT.minus(WEEK), AT.plusSeconds(1)), Kind.REPLIED, null, null));
    assertThat(plan(text("Yes", false, null))).isEqualTo(new Plan.Nothing("group_talk"));
  }

  @Test
  void aPressNamesTheButton() {
    assertThat(plan(new Button(1, "q", 77, 9, "yes")))
        .isEqualTo(new Plan.Did(new About.Message(77, 9), Kind.BUTTON, "yes", "q"));
  }

  @Test
  void commandsAreHeardInPrivateAlone() {
    assertThat(plan(text("/start", true, null))).isEqualTo(said(ContactSignal.Kind.STARTED, null));
    assertThat(plan(text("/start  abc_-1 more", true, null)))
        .isEqualTo(said(ContactSignal.Kind.LINKED, "abc_-1"));
    assertThat(plan(text("/STOP@our_bot please", true, 9L)))
        .isEqualTo(said(ContactSignal.Kind.STOPPED, null));
    assertThat(plan(text("/settings", true, null))).isEqualTo(new Plan.Nothing("command"));
    assertThat(plan(text("/", true, null))).isEqualTo(new Plan.Nothing("command"));
    assertThat(plan(text("/stop", false, null))).isEqualTo(new Plan.Nothing("command"));
    assertThat(plan(text("/stopping", true, null))).isEqualTo(new Plan.Nothing("command"));
  }

  @Test
  void aBlockedBotIsASignalAndOneThatLeavesAGroupIsNot() {
    assertThat(plan(new Membership(1, 77, true, true, AT)))
        .isEqualTo(said(ContactSignal.Kind.BLOCKED, null));
    assertThat(plan(new Membership(1, -77, false, true, AT))).isEqualTo(new Plan.Nothing("other"));
    assertThat(plan(new Membership(1, 77, true, false, AT))).isEqualTo(new Plan.Nothing("other"));
  }

  @Test
  void aRepeatIsTheSameEventAndAnotherBotsUpdateIsAnother() {
    var did = new Plan.Did(new About.Message(77, 9), Kind.BUTTON, "yes", "q");
    var sent = new ChatMessage(UUID.randomUUID(), UUID.randomUUID(), 42, "b", 2, AT);
    var event = UpdatePlanner.event("bot", 5, did, sent, AT);
    assertThat(UpdatePlanner.event("bot", 5, did, sent, AT)).isEqualTo(event);
    assertThat(event.name()).isEqualTo("yes");
    assertThat(event.variant()).isEqualTo("b");
    assertThat(UpdatePlanner.idOf("bot", 6)).isNotEqualTo(event.eventId());
    assertThat(UpdatePlanner.idOf("other", 5)).isNotEqualTo(event.eventId());
  }

  private static Plan plan(TelegramUpdate update) {
    return UpdatePlanner.plan(update, AT, WEEK);
  }

  private static Text text(String text, boolean privateChat, @Nullable Long repliesTo) {
    return new Text(1, 77, privateChat, text, repliesTo, AT);
  }

  private static Plan said(ContactSignal.Kind kind, @Nullable String token) {
    return new Plan.Said(kind, 77, token);
  }
}
