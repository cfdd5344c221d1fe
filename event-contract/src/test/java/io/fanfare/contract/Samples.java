package io.fanfare.contract;

import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastLifecycle;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.broadcast.SendTime;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.contact.ContactErased;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementReported;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.contract.message.MessageRequested;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.contract.tenant.TenantLimits;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One event of every kind, each with every field filled. */
final class Samples {

  private static final UUID TENANT = UUID.fromString("018f0000-0000-7000-8000-000000000001");
  private static final UUID BROADCAST = UUID.fromString("018f0000-0000-7000-8000-000000000002");
  private static final UUID ACCOUNT = UUID.fromString("018f0000-0000-7000-8000-000000000003");
  private static final UUID LIST = UUID.fromString("018f0000-0000-7000-8000-000000000004");
  private static final UUID EVENT = UUID.fromString("018f0000-0000-7000-8000-000000000005");
  private static final UUID WORKER = UUID.fromString("018f0000-0000-7000-8000-000000000006");
  private static final Instant AT = Instant.parse("2026-11-23T07:00:00.123Z");
  private static final LocalDate DAY = LocalDate.parse("2026-11-23");
  private static final Lane LANE = new Lane(ACCOUNT, 3);

  private Samples() {}

  static Map<String, Record> all() {
    Map<String, Record> samples = new LinkedHashMap<>();
    for (Record event : events()) {
      samples.put(EventCodec.typeOf(event), event);
    }
    samples.put("broadcast.content.telegram", telegramContent());
    samples.put("broadcast.content.media", contentWithMedia());
    samples.put("send.message.suppressed", suppressedCommand());
    samples.put("contact.suppression.lifted", new ContactSuppression(TENANT, 42, 8, List.of(), AT));
    return samples;
  }

  private static List<Record> events() {
    return List.of(
        new BroadcastLifecycle(
            EVENT,
            BroadcastLifecycle.Change.PAUSED,
            BROADCAST,
            TENANT,
            "Spring news",
            BroadcastState.PAUSED,
            4,
            List.of(Channel.EMAIL, Channel.TELEGRAM),
            AT,
            new StateReason("account_refused", "535 5.7.8 authentication failed"),
            "key:018f",
            AT),
        new BroadcastControl(
            BROADCAST,
            TENANT,
            "Spring news",
            2,
            BroadcastState.RUNNING,
            LIST,
            List.of(new ChannelPlan(Channel.EMAIL, ACCOUNT, 8, List.of("contact.name"))),
            DeliveryPolicy.NEVER_TWICE,
            SendClass.BULK,
            DAY,
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(300)),
            Map.of("season", "spring"),
            AT,
            600,
            ChannelMode.FALLBACK,
            new AbTest(
                List.of(
                    new AbTest.Variant("a", "Short subject", 10, null),
                    new AbTest.Variant("b", "Later", 10, Duration.ofHours(2))),
                80,
                Channel.EMAIL,
                AbTest.Metric.CUSTOM,
                "purchase",
                List.of(0.5, 1.0),
                Duration.ofHours(4),
                1_000,
                0.05,
                AbTest.Decision.AUTO,
                "a",
                "more",
                0.03,
                0.2),
            "b",
            new Audience(
                List.of(
                    new Audience.Part(Audience.Kind.LIST, LIST),
                    new Audience.Part(Audience.Kind.SEGMENT, EVENT)),
                List.of(new Audience.Part(Audience.Kind.SEGMENT, ACCOUNT))),
            "newsletter",
            new SendTime(
                LocalDateTime.parse("2027-03-01T09:00"), SendTime.Past.SKIP, 18, "Europe/Berlin")),
        new GlobalStop(3, true, "the provider asked us to stop", AT),
        new TenantLimits(TENANT, 2, 6_000),
        new BroadcastSignal(
            BROADCAST,
            TENANT,
            BroadcastSignal.Signal.FROZEN,
            1,
            20_000L,
            new StateReason("empty_audience", "the list has no contacts"),
            AT,
            "b",
            List.of(new BroadcastSignal.VariantSize("a", Channel.EMAIL, 2_000))),
        new BroadcastContent(
            BROADCAST,
            "a",
            Channel.EMAIL,
            new MessageContent.Email("Hi {{ contact.name }}", "<p>Hi</p>", "Hi")),
        new ChannelAccount(
            ACCOUNT,
            TENANT,
            Channel.EMAIL,
            "Newsletter server",
            1,
            8,
            500,
            Map.of("host", "mail.example.org"),
            "k1:sealed"),
        new SendMessage(
            TENANT,
            BROADCAST,
            42,
            Channel.EMAIL,
            1,
            1,
            Bucket.IN_FLIGHT,
            false,
            DAY,
            LANE,
            "a",
            2,
            "ada@example.org",
            AT,
            Map.of("contact", Map.of("name", "Ada")),
            null,
            true,
            "Asia/Kathmandu",
            2,
            AT.plusSeconds(3600)),
        new RetryDue(
            TENANT, BROADCAST, 42, Channel.EMAIL, 2, 2, Bucket.RETRYING, false, DAY, LANE, "a", 2),
        new DeliveryEvent(
            DeliveryEvent.idOf(BROADCAST, 42, Channel.EMAIL, 1, Outcome.RETRYING),
            Outcome.RETRYING,
            TENANT,
            BROADCAST,
            42,
            Channel.EMAIL,
            1,
            1,
            Bucket.IN_FLIGHT,
            DAY,
            LANE,
            "a",
            AT,
            new Cause("server_busy", "451 4.3.0 try again", "4.3.0"),
            AT.plusSeconds(30),
            "abc",
            2),
        new EngagementEvent(
            EVENT,
            EngagementEvent.Kind.CLICKED,
            TENANT,
            BROADCAST,
            42,
            Channel.EMAIL,
            "a",
            2,
            "https://example.org/spring",
            "purchase",
            new BigDecimal("19.99"),
            AT.plusSeconds(60),
            AT,
            345,
            "head_request",
            2,
            "5.1.1",
            "smtp; 550 5.1.1 no such user",
            4711),
        new EngagementReported(
            BROADCAST,
            42,
            Channel.EMAIL,
            EngagementEvent.Kind.CUSTOM,
            "order-4711",
            "purchase",
            new BigDecimal("19.99"),
            AT.plusSeconds(60)),
        new DeliveryProgress(
            BROADCAST,
            Channel.EMAIL,
            LANE,
            WORKER,
            7,
            new DeliveryProgress.Counts(1, 2, 3, 4, 5, 6, 7, 28, 8L),
            AT),
        new MessageAccepted(
            EVENT, TENANT, BROADCAST, 42, Channel.EMAIL, LANE, Map.of("code", "4711"), AT),
        new MessageRequested(
            42L,
            "ada",
            ACCOUNT,
            EVENT,
            3L,
            Map.of("code", "4711"),
            DeliveryPolicy.NEVER_TWICE,
            "billing"),
        new ContactListChanged(
            EVENT,
            ContactListChanged.Change.CONTACTS_ADDED,
            TENANT,
            LIST,
            "Customers",
            1000L,
            "key:018f",
            AT),
        new ContactSuppression(
            TENANT,
            42,
            7,
            List.of(
                new Suppression(Channel.EMAIL, Suppression.OPTED_OUT, AT),
                new Suppression(null, Suppression.OPTED_OUT_OF_CATEGORY, AT, "newsletter"),
                new Suppression(null, Suppression.CONTACT_ERASED, AT.plusSeconds(60))),
            AT.plusSeconds(60)),
        new ContactErased(EVENT, TENANT, 42, AT),
        new ContactPreference(
            EVENT,
            TENANT,
            42,
            7,
            List.of(
                new ContactPreference.Choice(null, "newsletter", false),
                new ContactPreference.Choice(Channel.EMAIL, null, true)),
            AT),
        new ListConfirmed(TENANT, 42, LIST, AT),
        new ContactSignal(
            EVENT, ContactSignal.Kind.LINKED, TENANT, ACCOUNT, Channel.TELEGRAM, "4242", 42L, AT),
        new ContactSignal(
            EVENT,
            ContactSignal.Kind.UNREACHABLE,
            TENANT,
            ACCOUNT,
            Channel.EMAIL,
            "ada@example.org",
            42L,
            AT,
            new ContactSignal.Refusal(BROADCAST, "5.1.1", "550 5.1.1 no such user")),
        new AuditRecorded(
            EVENT,
            TENANT,
            "key:018f",
            "update",
            "list",
            LIST.toString(),
            Map.of("name", "Old"),
            Map.of("name", "New"),
            AT));
  }

  private static SendMessage suppressedCommand() {
    return new SendMessage(
        TENANT,
        BROADCAST,
        42,
        Channel.EMAIL,
        2,
        2,
        Bucket.RETRYING,
        false,
        DAY,
        LANE,
        "a",
        2,
        null,
        AT,
        Map.of("contact", Map.of()),
        Suppression.OPTED_OUT,
        null);
  }

  private static BroadcastContent contentWithMedia() {
    return new BroadcastContent(
        BROADCAST,
        "a",
        Channel.EMAIL,
        new MessageContent.Email(
            "Hi",
            "<img src=\"cid:logo\">",
            null,
            List.of(
                new Media(Media.Kind.INLINE, TENANT, "logo.png", "image/png", 68, "00ff", "logo"),
                new Media(
                    Media.Kind.ATTACHMENT,
                    ACCOUNT,
                    "plan.pdf",
                    "application/pdf",
                    9,
                    "11ff",
                    null))));
  }

  private static BroadcastContent telegramContent() {
    return new BroadcastContent(
        BROADCAST,
        "a",
        Channel.TELEGRAM,
        new MessageContent.Telegram(
            "<b>Hi</b>",
            MessageContent.ParseMode.HTML,
            List.of(
                List.of(
                    new MessageContent.Button("Open", "https://example.org"),
                    new MessageContent.Button("Yes", null, "yes")))));
  }
}
