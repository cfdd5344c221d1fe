package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.dispatch.engagement.bounce.BounceReport.Delivery;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what a report means. A bounce is hard when a message failed for good because of the address
 * ({@link AddressFaultPolicy}).
 */
final class BouncePolicy {

  /** What a report means. */
  sealed interface Verdict {

    /**
     * The message came back, or is late.
     *
     * @param status the enhanced status code; null when it says none
     */
    record Bounced(boolean hard, @Nullable String status, @Nullable String detail)
        implements Verdict {}

    /** The recipient calls it unwanted. */
    record Complained(@Nullable String detail) implements Verdict {}

    /**
     * Nothing.
     *
     * @param why stable, for the metric
     */
    record Nothing(String why) implements Verdict {}
  }

  private static final Pattern STATUS =
      Pattern.compile("(?<![0-9.])([245])\\.([0-9]{1,3})\\.([0-9]{1,3})(?![0-9.])");

  private static final Pattern ADDRESS =
      Pattern.compile("<?[^\\s<>@;,:\"()]{1,64}@[^\\s<>@;,:\"()]+>?");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");
  private static final String RECIPIENT = "<recipient>";
  private static final int SHORTEST_LOCAL_PART = 3;

  /** Complaints that are none. */
  private static final Set<String> NO_COMPLAINT = Set.of("not-spam", "auth-failure", "dmarc");

  private BouncePolicy() {}

  static Verdict judge(BounceReport report) {
    if (report.feedbackType() != null) {
      return NO_COMPLAINT.contains(report.feedbackType())
          ? new Verdict.Nothing("no_complaint")
          : new Verdict.Complained(
              report.feedbackType().isEmpty() ? null : kept(report.feedbackType(), ""));
    }
    Delivery worst = null;
    boolean allHard = true;
    for (Delivery each : report.deliveries()) {
      boolean hard = isHard(each);
      boolean late = each.action().startsWith("failed") || each.action().startsWith("delayed");
      // An address that stands for several is good as long as one of them is.
      allHard &= hard;
      if (late && (worst == null || hard && !isHard(worst))) {
        worst = each;
      }
    }
    if (worst == null) {
      return new Verdict.Nothing("no_failure");
    }
    return new Verdict.Bounced(allHard, status(worst), kept(worst.diagnostic(), worst.recipient()));
  }

  private static boolean isHard(Delivery delivery) {
    if (!delivery.action().startsWith("failed")) {
      return false;
    }
    return AddressFaultPolicy.ofReport(status(delivery), delivery.diagnostic());
  }

  /** The one of the field, unless it only says that it failed and the diagnostic says more. */
  private static @Nullable String status(Delivery delivery) {
    String status = status(delivery.status());
    if (status == null || status.endsWith(".0.0")) {
      String said = status(delivery.diagnostic());
      return said == null || status != null && said.charAt(0) != status.charAt(0) ? status : said;
    }
    return status;
  }

  private static @Nullable String status(String text) {
    Matcher matcher = STATUS.matcher(text);
    return matcher.find() ? matcher.group() : null;
  }

  /** In one line, without addresses, so that an erasure need not look for it. */
  private static @Nullable String kept(String text, String recipient) {
    String kept = CONTROL.matcher(text).replaceAll(" ").strip();
    kept = ADDRESS.matcher(kept).replaceAll(RECIPIENT);
    int at = recipient.lastIndexOf('@');
    if (at >= SHORTEST_LOCAL_PART) {
      String local = Pattern.quote(recipient.substring(0, at).toLowerCase(Locale.ROOT));
      kept =
          Pattern.compile("(?<![a-z0-9.])" + local + "(?![a-z0-9])", Pattern.CASE_INSENSITIVE)
              .matcher(kept)
              .replaceAll(RECIPIENT);
    }
    if (kept.length() > EngagementEvent.MOST_DETAIL_CHARACTERS) {
      kept = kept.substring(0, EngagementEvent.MOST_DETAIL_CHARACTERS);
    }
    return kept.isEmpty() ? null : kept;
  }
}
