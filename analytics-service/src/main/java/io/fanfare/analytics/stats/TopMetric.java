package io.fanfare.analytics.stats;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What broadcasts can be put in order by. */
enum TopMetric {
  SENT("sent"),
  OPENED("opened"),
  CLICKED("clicked"),
  REPLIED("replied"),
  BUTTON("button"),
  BOUNCED("bounced"),
  COMPLAINED("complained"),
  UNSUBSCRIBED("unsubscribed"),
  OPEN_RATE("opened / nullif(sent, 0)"),
  CLICK_RATE("clicked / nullif(sent, 0)"),
  CLICK_TO_OPEN_RATE("clicked / nullif(opened, 0)"),
  REPLY_RATE("replied / nullif(sent, 0)"),
  BOUNCE_RATE("bounced / nullif(sent, 0)"),
  COMPLAINT_RATE("complained / nullif(sent, 0)"),
  UNSUBSCRIBE_RATE("unsubscribed / nullif(sent, 0)");

  private final String order;

  TopMetric(String order) {
    this.order = order;
  }

  /** As SQL over the figures of a broadcast, which are of a type with fractions. */
  String order() {
    return order;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(TopMetric::id).toList();
  }

  static TopMetric of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
