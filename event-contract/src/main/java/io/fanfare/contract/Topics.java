package io.fanfare.contract;

import static io.fanfare.contract.Topic.Envelope.CLOUD_EVENTS;
import static io.fanfare.contract.Topic.Envelope.TYPE_ONLY;
import static io.fanfare.contract.Topic.Traffic.PER_CHANGE;
import static io.fanfare.contract.Topic.Traffic.PER_RECIPIENT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every topic of Fanfare: the only place that knows their names, keys, partitions, retention,
 * producers and consumers. {@code docs/TOPOLOGY.md} is generated from it.
 */
public final class Topics {

  public static final String BROADCAST_API = "broadcast-api";
  public static final String AUDIENCE_SERVICE = "audience-service";
  public static final String DISPATCH_WORKER = "dispatch-worker";
  public static final String RETRY_SERVICE = "retry-service";
  public static final String ANALYTICS_SERVICE = "analytics-service";

  /** Consumer groups, {@code <service>.<feature>}. */
  public static final class Groups {
    public static final String BROADCAST_SIGNAL = "broadcast-api.signal";
    public static final String BROADCAST_AUDIT = "broadcast-api.audit";

    /** Signals about the broadcasts that carry single messages. */
    public static final String BROADCAST_MESSAGE = "broadcast-api.message";

    public static final String BROADCAST_EXTERNAL = "broadcast-api.external";

    /** Forgets what is kept of contacts that were erased. */
    public static final String BROADCAST_ERASURE = "broadcast-api.erasure";

    public static final String AUDIENCE_CONTROL = "audience-service.control";
    public static final String AUDIENCE_ACCOUNT = "audience-service.account";
    public static final String AUDIENCE_TENANT = "audience-service.tenant";
    public static final String AUDIENCE_PROGRESS = "audience-service.progress";

    /** Counts messages against frequency caps. */
    public static final String AUDIENCE_CAP = "audience-service.cap";

    public static final String AUDIENCE_RETURN = "audience-service.return";
    public static final String AUDIENCE_RETRY = "audience-service.retry";
    public static final String AUDIENCE_MESSAGE = "audience-service.message";
    public static final String DISPATCH_SEND = "dispatch-worker.send";

    /** Looks for broadcasts that were deleted; what a worker sends by it reads without a group. */
    public static final String DISPATCH_FORGET = "dispatch-worker.forget";

    /** Takes what internal systems report of recipients. */
    public static final String DISPATCH_EXTERNAL = "dispatch-worker.external";

    public static final String RETRY_CONTROL = "retry-service.control";
    public static final String RETRY_DELIVERY = "retry-service.delivery";

    /** Reads the dead-letter topics of all the others, and has none itself. */
    public static final String RETRY_UNDECODABLE = "retry-service.undecodable";

    public static final String ANALYTICS_DELIVERY = "analytics-service.delivery";
    public static final String ANALYTICS_ENGAGEMENT = "analytics-service.engagement";
    public static final String ANALYTICS_CONTROL = "analytics-service.control";
    public static final String ANALYTICS_AUDIENCE = "analytics-service.audience";

    /** How large the variants of tests are. */
    public static final String ANALYTICS_SIGNAL = "analytics-service.signal";

    /** Turns unsubscriptions and complaints into opt-outs, hard bounces into suppressions. */
    public static final String AUDIENCE_ENGAGEMENT = "audience-service.engagement";

    /** Remembers for segments who was sent what. */
    public static final String AUDIENCE_SENT = "audience-service.sent";

    /** Remembers for segments who opened, clicked and answered what. */
    public static final String AUDIENCE_BEHAVIOUR = "audience-service.behaviour";

    /** Links addresses with contacts, and opts contacts in and out as they say. */
    public static final String AUDIENCE_SIGNAL = "audience-service.signal";

    /** Opts contacts in and out as they chose on the page of their preferences. */
    public static final String AUDIENCE_PREFERENCE = "audience-service.preference";

    /** Puts contacts on lists that asked them first. */
    public static final String AUDIENCE_CONFIRMATION = "audience-service.confirmation";

    private Groups() {}
  }

  /** What happens to a broadcast as a whole, for anybody who wants to know. */
  public static final Topic BROADCAST_LIFECYCLE =
      new Topic(
          "broadcast.lifecycle",
          "broadcast",
          PER_CHANGE,
          Duration.ofDays(35),
          CLOUD_EVENTS,
          List.of(
              "broadcast.created",
              "broadcast.scheduled",
              "broadcast.unscheduled",
              "broadcast.started",
              "broadcast.paused",
              "broadcast.resumed",
              "broadcast.winner_decided",
              "broadcast.completed",
              "broadcast.cancelled",
              "broadcast.failed"),
          List.of(BROADCAST_API),
          List.of());

  /**
   * The state and policy of every broadcast that has started; under the key {@code *} whether all
   * sending is stopped.
   */
  public static final Topic BROADCAST_CONTROL =
      new Topic(
          "broadcast.control",
          "broadcast",
          PER_CHANGE,
          null,
          TYPE_ONLY,
          List.of("broadcast.control", "broadcast.stop"),
          List.of(BROADCAST_API),
          List.of(
              Groups.AUDIENCE_CONTROL,
              Groups.RETRY_CONTROL,
              Groups.ANALYTICS_CONTROL,
              Groups.ANALYTICS_AUDIENCE,
              Groups.DISPATCH_FORGET,
              DISPATCH_WORKER));

  /** What other services ask of broadcast-api. */
  public static final Topic BROADCAST_SIGNAL =
      new Topic(
          "broadcast.signal",
          "broadcast",
          PER_CHANGE,
          Duration.ofDays(7),
          TYPE_ONLY,
          List.of("broadcast.signal"),
          List.of(AUDIENCE_SERVICE, DISPATCH_WORKER, RETRY_SERVICE, ANALYTICS_SERVICE),
          List.of(Groups.BROADCAST_SIGNAL, Groups.BROADCAST_MESSAGE, Groups.ANALYTICS_SIGNAL));

  /** Channel accounts, credentials sealed. */
  public static final Topic CHANNEL_ACCOUNT =
      new Topic(
          "channel.account",
          "account",
          PER_CHANGE,
          null,
          TYPE_ONLY,
          List.of("channel.account"),
          List.of(BROADCAST_API),
          List.of(Groups.AUDIENCE_ACCOUNT, DISPATCH_WORKER));

  /** What the operator allows each tenant. */
  public static final Topic TENANT_LIMITS =
      new Topic(
          "tenant.limits",
          "tenant",
          PER_CHANGE,
          null,
          TYPE_ONLY,
          List.of("tenant.limits"),
          List.of(BROADCAST_API),
          List.of(Groups.AUDIENCE_TENANT));

  /** The frozen content of broadcasts. */
  public static final Topic BROADCAST_CONTENT =
      new Topic(
          "broadcast.content",
          "broadcast:variant:channel",
          PER_CHANGE,
          null,
          TYPE_ONLY,
          List.of("broadcast.content"),
          List.of(BROADCAST_API),
          List.of(DISPATCH_WORKER));

  /** How every command ended. */
  public static final Topic DELIVERY_EVENTS =
      new Topic(
          "delivery.events",
          "contact",
          PER_RECIPIENT,
          Duration.ofDays(35),
          TYPE_ONLY,
          List.of(
              "broadcast.message_sent",
              "broadcast.message_failed",
              "broadcast.message_dead",
              "broadcast.message_retrying",
              "broadcast.message_rate_limited",
              "broadcast.message_in_doubt",
              "broadcast.message_returned",
              "broadcast.message_skipped",
              "broadcast.message_cancelled",
              "broadcast.message_fell_back"),
          List.of(DISPATCH_WORKER),
          List.of(
              Groups.AUDIENCE_RETURN,
              Groups.AUDIENCE_CAP,
              Groups.AUDIENCE_SENT,
              Groups.RETRY_DELIVERY,
              Groups.ANALYTICS_DELIVERY));

  /** What recipients did with their messages. */
  public static final Topic ENGAGEMENT_EVENTS =
      new Topic(
          "engagement.events",
          "contact",
          PER_RECIPIENT,
          Duration.ofDays(35),
          TYPE_ONLY,
          List.of(
              "engagement.opened",
              "engagement.clicked",
              "engagement.replied",
              "engagement.button",
              "engagement.bounced",
              "engagement.complained",
              "engagement.unsubscribed",
              "engagement.custom"),
          List.of(DISPATCH_WORKER),
          List.of(
              Groups.ANALYTICS_ENGAGEMENT, Groups.AUDIENCE_ENGAGEMENT, Groups.AUDIENCE_BEHAVIOUR));

  /** The ledger's cumulative counters. */
  public static final Topic DELIVERY_PROGRESS =
      new Topic(
          "delivery.progress",
          "broadcast:lane:incarnation",
          PER_CHANGE,
          null,
          TYPE_ONLY,
          List.of("delivery.progress"),
          List.of(DISPATCH_WORKER),
          List.of(Groups.AUDIENCE_PROGRESS));

  /** Retries whose time has come. */
  public static final Topic DELIVERY_RETRY_DUE =
      new Topic(
          "delivery.retry_due",
          "lane",
          PER_CHANGE,
          Duration.ofDays(7),
          TYPE_ONLY,
          List.of("delivery.retry_due"),
          List.of(RETRY_SERVICE),
          List.of(Groups.AUDIENCE_RETRY));

  /** Single messages to send, each a further recipient of the broadcast that carries it. */
  public static final Topic MESSAGE_ACCEPTED =
      new Topic(
          "message.accepted",
          "lane",
          PER_RECIPIENT,
          Duration.ofDays(7),
          TYPE_ONLY,
          List.of("message.accepted"),
          List.of(BROADCAST_API),
          List.of(Groups.AUDIENCE_MESSAGE));

  /**
   * What internal systems ask for. Whoever may write here speaks for every tenant: a record names
   * its own in the CloudEvents extension {@code tenantid}, and the broker's access list says who
   * may write.
   */
  public static final Topic EXTERNAL_EVENTS =
      new Topic(
          "external.events",
          "any",
          PER_RECIPIENT,
          Duration.ofDays(7),
          CLOUD_EVENTS,
          List.of("message.requested", "engagement.reported"),
          List.of("internal systems", AUDIENCE_SERVICE),
          List.of(Groups.BROADCAST_EXTERNAL, Groups.DISPATCH_EXTERNAL));

  /** Changes of contact lists, for anybody who wants to know. */
  public static final Topic CONTACT_LIST_LIFECYCLE =
      new Topic(
          "contact_list.lifecycle",
          "list",
          PER_CHANGE,
          Duration.ofDays(35),
          CLOUD_EVENTS,
          List.of(
              "contact_list.created",
              "contact_list.updated",
              "contact_list.contacts_added",
              "contact_list.contacts_removed",
              "contact_list.deleted"),
          List.of(AUDIENCE_SERVICE),
          List.of());

  /**
   * Reasons never to send to a contact, whole. Not hot: a record per change of a contact's mind,
   * and every worker reads all of it.
   */
  public static final Topic CONTACT_SUPPRESSION =
      new Topic(
          "contact.suppression",
          "tenant:contact",
          PER_CHANGE,
          null,
          TYPE_ONLY,
          List.of("contact.suppression"),
          List.of(AUDIENCE_SERVICE),
          List.of(DISPATCH_WORKER));

  /** What happened to contacts, for whoever keeps something of them. Holds no personal data. */
  public static final Topic CONTACT_EVENTS =
      new Topic(
          "contact.events",
          "tenant:contact",
          PER_CHANGE,
          Duration.ofDays(35),
          CLOUD_EVENTS,
          List.of("contact.erased"),
          List.of(AUDIENCE_SERVICE),
          List.of(Groups.BROADCAST_ERASURE));

  /** What people, or mail systems in their place, told an account about being written to. */
  public static final Topic CONTACT_SIGNAL =
      new Topic(
          "contact.signal",
          "tenant:channel:address",
          PER_CHANGE,
          Duration.ofDays(7),
          TYPE_ONLY,
          List.of(
              "contact.linked",
              "contact.started",
              "contact.stopped",
              "contact.blocked",
              "contact.unreachable"),
          List.of(DISPATCH_WORKER),
          List.of(Groups.AUDIENCE_SIGNAL));

  /** What contacts chose and confirmed on pages of their own. */
  public static final Topic CONTACT_PREFERENCE =
      new Topic(
          "contact.preference",
          "tenant:contact",
          PER_CHANGE,
          Duration.ofDays(7),
          TYPE_ONLY,
          List.of("contact.preference", "contact.confirmed"),
          List.of(DISPATCH_WORKER),
          List.of(Groups.AUDIENCE_PREFERENCE, Groups.AUDIENCE_CONFIRMATION));

  /** Every change somebody made, from the service that made it to the one that shows it. */
  public static final Topic AUDIT_RECORDED =
      new Topic(
          "audit.recorded",
          "tenant",
          PER_CHANGE,
          Duration.ofDays(7),
          TYPE_ONLY,
          List.of("audit.recorded"),
          List.of(BROADCAST_API, AUDIENCE_SERVICE, RETRY_SERVICE, ANALYTICS_SERVICE),
          List.of(Groups.BROADCAST_AUDIT));

  private static final List<Channel> SHIPPED_CHANNELS = List.of(Channel.EMAIL, Channel.TELEGRAM);

  private Topics() {}

  /**
   * The commands of one channel and class. All such topics have the same number of partitions, so
   * that an assignor can give the same partition of each to the same worker. A command is on the
   * partition of its lane ({@link Lane#partition}).
   */
  public static Topic send(Channel channel, SendClass sendClass) {
    return new Topic(
        "send." + channel + "." + sendClass.id(),
        "lane",
        PER_RECIPIENT,
        Duration.ofDays(7),
        TYPE_ONLY,
        List.of("send.message"),
        List.of(AUDIENCE_SERVICE),
        List.of(Groups.DISPATCH_SEND));
  }

  /** The topics commands of the shipped channels are read from. */
  public static List<Topic> sendTopics() {
    List<Topic> topics = new ArrayList<>();
    for (Channel channel : SHIPPED_CHANNELS) {
      for (SendClass sendClass : SendClass.values()) {
        topics.add(send(channel, sendClass));
      }
    }
    return List.copyOf(topics);
  }

  /** Every topic, in the order of the topology document. */
  public static List<Topic> all() {
    List<Topic> topics = new ArrayList<>();
    topics.add(BROADCAST_LIFECYCLE);
    topics.add(BROADCAST_CONTROL);
    topics.add(BROADCAST_SIGNAL);
    topics.add(CHANNEL_ACCOUNT);
    topics.add(TENANT_LIMITS);
    topics.add(BROADCAST_CONTENT);
    topics.addAll(sendTopics());
    topics.add(DELIVERY_EVENTS);
    topics.add(ENGAGEMENT_EVENTS);
    topics.add(DELIVERY_PROGRESS);
    topics.add(DELIVERY_RETRY_DUE);
    topics.add(MESSAGE_ACCEPTED);
    topics.add(EXTERNAL_EVENTS);
    topics.add(CONTACT_LIST_LIFECYCLE);
    topics.add(CONTACT_SUPPRESSION);
    topics.add(CONTACT_EVENTS);
    topics.add(CONTACT_SIGNAL);
    topics.add(CONTACT_PREFERENCE);
    topics.add(AUDIT_RECORDED);
    return List.copyOf(topics);
  }

  /** The dead-letter topics of every consumer group, one per topic it reads. */
  public static List<String> deadLetterTopics() {
    List<String> names = new ArrayList<>();
    for (Topic topic : all()) {
      for (String consumer : topic.consumers()) {
        if (consumer.indexOf('.') > 0) {
          names.add(topic.deadLetterTopic(consumer));
        }
      }
    }
    return List.copyOf(names);
  }
}
