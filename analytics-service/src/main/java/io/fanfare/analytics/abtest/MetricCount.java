package io.fanfare.analytics.abtest;

import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.engagement.EngagementEvent.Kind;

/**
 * Which rows of the engagement counts a metric is read from.
 *
 * @param kind of event
 * @param name of a custom event or of the one button that counts, else empty
 */
record MetricCount(String kind, String name) {

  static MetricCount of(AbTest plan) {
    return switch (plan.metric()) {
      case CLICK -> new MetricCount(Kind.CLICKED.id(), "");
      case OPEN -> new MetricCount(Kind.OPENED.id(), "");
      case REPLY -> new MetricCount(Kind.REPLIED.id(), "");
      case BUTTON -> new MetricCount(Kind.BUTTON.id(), plan.button() == null ? "" : plan.button());
      case CUSTOM, CUSTOM_VALUE ->
          new MetricCount(Kind.CUSTOM.id(), plan.customEvent() == null ? "" : plan.customEvent());
    };
  }
}
