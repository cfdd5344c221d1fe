package io.fanfare.localstack.simulator.recipient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.localstack.simulator.recipient.RecipientBehaviour.Rates;
import io.fanfare.localstack.simulator.recipient.RecipientBehaviour.Reaction;
import io.fanfare.localstack.simulator.recipient.RecipientBehaviour.Rule;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RecipientBehaviourTest {

  private static final RecipientBehaviour BEHAVIOUR =
      new RecipientBehaviour(
          List.of(new Rule("Spring", new Rates(0.4, 0.1, 0.2, 0.15)), new Rule("Silent", null)),
          new Rates(0.05, 0, 0),
          0.25,
          0,
          7);

  @Test
  void asManyActAsTheRuleOfTheSubjectSays() {
    assertThat(share("It is Spring!", Reaction::opens)).isCloseTo(0.4, near());
    assertThat(share("It is Spring!", Reaction::clicks)).isCloseTo(0.1, near());
    assertThat(share("It is Spring!", Reaction::replies)).isCloseTo(0.2, near());
    assertThat(share("It is Spring!", Reaction::presses)).isCloseTo(0.15, near());
    assertThat(share("It is Spring!", Reaction::machine)).isCloseTo(0.25, near());
    assertThat(share("Autumn", Reaction::opens)).isCloseTo(0.05, near());
    assertThat(share("Silent", Reaction::opens)).isZero();
  }

  @Test
  void theSamePeopleDoTheSameAgainAndOthersWithAnotherSeed() {
    var first = BEHAVIOUR.reaction("Spring", "Ann@example.test");
    assertThat(BEHAVIOUR.reaction("Spring", "ann@example.test")).isEqualTo(first);
    var other = new RecipientBehaviour(BEHAVIOUR.rules(), BEHAVIOUR.others(), 0.25, 0, 8);
    assertThat(
            addresses()
                .filter(address ->
                    BEHAVIOUR.reaction("Spring", address).opens()
                        != other.reaction("Spring", address).opens()))
        .hasSizeGreaterThan(1_000);
  }

  @Test
  void whoClicksHasOpened() {
    assertThat(addresses().map(address -> BEHAVIOUR.reaction("Spring", address)))
        .allMatch(reaction -> reaction.opens() || !reaction.clicks());
  }

  @Test
  void choosesEveryLinkAboutAsOften() {
    var chosen = addresses().mapToInt(address -> BEHAVIOUR.chosen(address, 4)).toArray();
    for (int link = 0; link < 4; link++) {
      int number = link;
      assertThat(IntStream.of(chosen).filter(each -> each == number).count() / 10_000.0)
          .isCloseTo(0.25, near());
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new Rates(1.1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> behaviour(List.of(new Rule("", null)), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> behaviour(List.of(), 3_600_001))
        .isInstanceOf(IllegalArgumentException.class);
    var rules = IntStream.range(0, 101).mapToObj(i -> new Rule("r" + i, null)).toList();
    assertThatThrownBy(() -> behaviour(rules, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static RecipientBehaviour behaviour(List<Rule> rules, int thinkMillis) {
    return new RecipientBehaviour(rules, Rates.NONE, 0, thinkMillis, 0);
  }

  private static Stream<String> addresses() {
    return IntStream.range(0, 10_000).mapToObj(i -> "person" + i + "@example.test");
  }

  private static double share(String subject, Predicate<Reaction> does) {
    return addresses().map(address -> BEHAVIOUR.reaction(subject, address)).filter(does).count()
        / 10_000.0;
  }

  private static Offset<Double> near() {
    return Offset.offset(0.02);
  }
}
