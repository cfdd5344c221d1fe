package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.broadcast.AbTestPlan.Variant;
import io.fanfare.broadcast.broadcast.AbTestPlan.VariantContent;
import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.engagement.EngagementReported;
import io.fanfare.support.problem.FieldProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be seen to be wrong with the plan of a test without looking anything up. */
final class AbTestRules {

  private static final int MIN_VARIANTS = 2;
  private static final int MAX_VARIANTS = 8;
  private static final int MAX_NAME = 100;
  private static final int MAX_HELD_PERCENT = 90;
  private static final int MAX_LOOKS = 5;
  private static final int MAX_MINIMUM_SAMPLE = 10_000_000;
  private static final double MIN_ALPHA = 0.001;
  private static final double MAX_ALPHA = 0.2;
  private static final double MIN_RATE = 1e-6;
  private static final double MIN_EFFECT = 0.001;
  private static final double MAX_EFFECT = 10;
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final String AT = "/ab_test";

  private final List<FieldProblem> problems = new ArrayList<>();
  private final AbTestPlan plan;

  private AbTestRules(AbTestPlan plan) {
    this.plan = plan.withDefaults();
  }

  /**
   * @param channels the channels of the broadcast
   */
  static List<FieldProblem> check(AbTestPlan plan, List<Channel> channels) {
    AbTestRules rules = new AbTestRules(plan);
    rules.variants(channels);
    rules.shares();
    rules.measure(channels);
    rules.times();
    rules.decision();
    return rules.problems;
  }

  private void variants(List<Channel> channels) {
    List<Variant> variants = plan.variantList();
    if (variants.size() < MIN_VARIANTS || variants.size() > MAX_VARIANTS) {
      refuse("/variants", "must hold %d to %d variants".formatted(MIN_VARIANTS, MAX_VARIANTS));
      return;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < variants.size(); i++) {
      String at = "/variants/" + i;
      Variant variant = variants.get(i);
      if (variant == null) {
        refuse(at, "must not be null");
        continue;
      }
      String name = variant.name() == null ? "" : variant.name().strip();
      if (name.isEmpty() || name.length() > MAX_NAME) {
        refuse(at + "/name", "must have 1 to " + MAX_NAME + " characters");
      } else if (!names.add(name)) {
        refuse(at + "/name", "is given twice");
      }
      if (variant.percent() == null || variant.percent() < 1 || variant.percent() > 99) {
        refuse(at + "/percent", "must be 1 to 99");
      }
      delay(at + "/delay", variant.delay());
      contents(at + "/channels", variant, channels);
    }
  }

  private void delay(String at, @Nullable Duration delay) {
    Duration duration = plan.duration();
    if (delay != null
        && (!delay.isPositive() || (duration != null && delay.compareTo(duration) >= 0))) {
      refuse(at, "must be more than nothing and shorter than the test");
    }
  }

  private void contents(String at, Variant variant, List<Channel> channels) {
    Map<String, VariantContent> contents =
        variant.channels() == null ? Map.of() : variant.channels();
    for (Channel channel : channels) {
      if (contents.get(channel.name()) == null) {
        refuse(at, "says nothing on " + channel);
      } else if (AbTestPlan.template(variant, channel) == null) {
        refuse(at + "/" + channel + "/template_id", "must not be null");
      }
    }
    for (String name : contents.keySet()) {
      if (channels.stream().noneMatch(channel -> channel.name().equals(name))) {
        refuse(
            at + "/" + name.replace("~", "~0").replace("/", "~1"),
            "is no channel of the broadcast");
      }
    }
  }

  private void shares() {
    if (plan.heldPercent() < 0 || plan.heldPercent() > MAX_HELD_PERCENT) {
      refuse("/hold_back_percent", "must be 0 to " + MAX_HELD_PERCENT);
      return;
    }
    long sum = plan.heldPercent();
    for (Variant variant : plan.variantList()) {
      if (variant == null || variant.percent() == null) {
        return;
      }
      sum += variant.percent();
    }
    if (problems.isEmpty() && sum != 100) {
      refuse("/variants", "the percents and hold_back_percent make " + sum + ", not 100");
    }
  }

  private void measure(List<Channel> channels) {
    if (plan.channel() != null && !channels.contains(plan.channel())) {
      refuse("/channel", "is no channel of the broadcast");
    }
    boolean custom =
        plan.metric() == AbTest.Metric.CUSTOM || plan.metric() == AbTest.Metric.CUSTOM_VALUE;
    String event = plan.customEvent();
    if (custom && (event == null || !EngagementReported.CUSTOM_NAME.matcher(event).matches())) {
      refuse(
          "/custom_event",
          "must have 1 to 100 letters, digits, _, ., : and - with this metric, as reported events"
              + " have");
    } else if (!custom && event != null) {
      refuse("/custom_event", "needs the metric custom or custom_value");
    }
    Channel compared = plan.channel() == null ? channels.getFirst() : plan.channel();
    AbTest.Metric metric = plan.metric();
    if (metric != null && !isMeasured(metric, compared)) {
      refuse("/metric", metric.id() + " cannot be measured on " + compared);
    }
    String button = plan.button();
    if (button != null && metric != AbTest.Metric.BUTTON) {
      refuse("/button", "needs the metric button");
    } else if (button != null && (button.isBlank() || button.length() > MAX_NAME)) {
      refuse("/button", "must have 1 to " + MAX_NAME + " characters");
    }
    expectation();
  }

  /** What recipients of a channel do without our hearing of it is no metric there. */
  private static boolean isMeasured(AbTest.Metric metric, Channel channel) {
    return switch (metric) {
      case OPEN -> channel.equals(Channel.EMAIL);
      case REPLY, BUTTON -> channel.equals(Channel.TELEGRAM);
      case CLICK -> channel.equals(Channel.EMAIL) || channel.equals(Channel.TELEGRAM);
      case CUSTOM, CUSTOM_VALUE -> true;
    };
  }

  private void expectation() {
    Double baseline = plan.baseline();
    Double effect = plan.minimumEffect();
    if (plan.metric() == AbTest.Metric.CUSTOM_VALUE) {
      if (baseline != null) {
        refuse("/baseline", "is a rate, and custom_value compares mean values");
      }
      if (effect != null) {
        refuse("/minimum_effect", "is of a rate, and custom_value compares mean values");
      }
      return;
    }
    if (baseline != null && !(baseline >= MIN_RATE && baseline <= 1 - MIN_RATE)) {
      refuse("/baseline", "must be more than 0 and less than 1");
    }
    if (effect != null && !(effect >= MIN_EFFECT && effect <= MAX_EFFECT)) {
      refuse("/minimum_effect", "must be " + MIN_EFFECT + " to " + MAX_EFFECT);
    } else if (effect != null && baseline != null && baseline * (1 + effect) >= 1) {
      refuse("/minimum_effect", "makes a rate that is not less than 1");
    }
  }

  private void times() {
    Duration duration = plan.duration();
    if (duration == null || duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      refuse("/duration", "must be 1 minute to 30 days, such as PT4H");
    }
    List<Double> looks = plan.looks() == null ? List.of() : plan.looks();
    if (looks.isEmpty() || looks.size() > MAX_LOOKS) {
      refuse("/looks", "must hold 1 to " + MAX_LOOKS + " looks");
      return;
    }
    double before = 0;
    for (int i = 0; i < looks.size(); i++) {
      Double look = looks.get(i);
      if (look == null || !(look > before && look <= 1)) {
        refuse("/looks/" + i, "must be more than the look before and at most 1");
        return;
      }
      before = look;
    }
    if (before != 1) {
      refuse("/looks/" + (looks.size() - 1), "the last look must be 1");
    }
  }

  private void decision() {
    Integer sample = plan.minimumSample();
    if (sample != null && (sample < 1 || sample > MAX_MINIMUM_SAMPLE)) {
      refuse("/minimum_sample", "must be 1 to " + MAX_MINIMUM_SAMPLE);
    }
    Double alpha = plan.alpha();
    if (alpha != null && !(alpha >= MIN_ALPHA && alpha <= MAX_ALPHA)) {
      refuse("/alpha", "must be " + MIN_ALPHA + " to " + MAX_ALPHA);
    }
    String fallback = plan.fallback();
    for (int i = 0; i < plan.variantList().size(); i++) {
      if (AbTestPlan.variantId(i).equals(fallback)) {
        return;
      }
    }
    refuse("/fallback", "is no variant");
  }

  private void refuse(String at, String why) {
    problems.add(new FieldProblem(AT + at, why));
  }
}
