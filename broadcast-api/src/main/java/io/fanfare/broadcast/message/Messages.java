package io.fanfare.broadcast.message;

import io.fanfare.broadcast.broadcast.ChannelAccountReader;
import io.fanfare.broadcast.broadcast.SettingsRules;
import io.fanfare.broadcast.category.CategoryClient;
import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.broadcast.media.MediaChecks;
import io.fanfare.broadcast.media.PlacedSource;
import io.fanfare.broadcast.template.ContactClient;
import io.fanfare.broadcast.template.TemplateVersion;
import io.fanfare.broadcast.template.Templates;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** Takes single messages in, each as a further recipient of a broadcast that carries them. */
@Service
class Messages {

  private static final String RESOURCE = "message";

  /** A contact's next message of a day is another broadcast; its files need not be fetched anew. */
  private static final Duration RECENT = Duration.ofMinutes(10);

  private final MessageRepository repository;
  private final MessageRuns runs;
  private final MessageStates states;
  private final ContactClient contacts;
  private final CategoryClient categories;
  private final Templates templates;
  private final ChannelAccountReader accounts;
  private final Outbox outbox;
  private final TransactionOperations transaction;
  private final Clock clock;
  private final JsonMapper json;
  private final MediaChecks media;

  Messages(
      MessageRepository repository,
      MessageRuns runs,
      MessageStates states,
      ContactClient contacts,
      CategoryClient categories,
      Templates templates,
      ChannelAccountReader accounts,
      Outbox outbox,
      TransactionOperations transaction,
      Clock clock,
      JsonMapper json,
      MediaChecks media) {
    this.media = media;
    this.repository = repository;
    this.runs = runs;
    this.states = states;
    this.contacts = contacts;
    this.categories = categories;
    this.templates = templates;
    this.accounts = accounts;
    this.outbox = outbox;
    this.transaction = transaction;
    this.clock = clock;
    this.json = json;
  }

  /**
   * Takes a message.
   *
   * @param event the event that asks for it, if one does; asked twice, it is taken once
   * @return empty when it was taken before
   * @throws ProblemException 422 with a pointer to each field that cannot be used
   */
  Optional<MessageView> accept(Identity who, NewMessage wanted, @Nullable EventKey event) {
    List<FieldProblem> problems = problems(wanted);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    if (event != null && repository.exists(who.tenant(), event)) {
      return Optional.empty();
    }
    long contact = contact(who, wanted);
    categories.require(who.tenant(), wanted.categoryOrNone());
    Message accepted;
    try {
      accepted = acceptOnce(who, wanted, contact, event, null);
    } catch (MediaNeeded e) {
      accepted = acceptOnce(who, wanted, contact, event, files(who, wanted));
    }
    return Optional.ofNullable(accepted)
        .map(message -> MessageView.of(message, MessageState.Standing.ACCEPTED));
  }

  private @Nullable Message acceptOnce(
      Identity who,
      NewMessage wanted,
      long contact,
      @Nullable EventKey event,
      @Nullable FrozenMedia files) {
    return transaction.<@Nullable Message>execute(
        status -> accept(who, wanted, contact, event, files));
  }

  /** Fetched outside of a transaction, seldom: once a day, template version and account. */
  private FrozenMedia files(Identity who, NewMessage wanted) {
    List<PlacedSource> sources =
        transaction.execute(status -> {
          Optional<TemplateVersion> version = template(who.tenant(), wanted);
          Optional<ChannelAccountReader.Account> account =
              accounts.hold(who.tenant(), wanted.accountId());
          return version.isEmpty() || account.isEmpty()
              ? List.<PlacedSource>of()
              : version.get().channels().mediaOn(account.get().channel(), "/template_id");
        });
    return media.takeRecent(who.tenant(), sources, RECENT, who.actor());
  }

  private List<FieldProblem> problems(NewMessage wanted) {
    List<FieldProblem> problems = new ArrayList<>();
    if ((wanted.contactId() == null) == (wanted.externalId() == null)) {
      problems.add(
          new FieldProblem("/contact_id", "name the contact by contact_id or by external_id"));
    }
    problems.addAll(SettingsRules.checkVariables(wanted.variablesOrNone()));
    // No database of ours can keep this character in JSON.
    if (json.writeValueAsString(wanted.variablesOrNone()).contains("\\u0000")) {
      problems.add(new FieldProblem("/variables", "must not hold the character NUL"));
    }
    return problems;
  }

  private long contact(Identity who, NewMessage wanted) {
    Identity reader = Identity.system(who.tenant());
    String externalId = wanted.externalId();
    if (externalId != null) {
      return contacts
          .idByExternalId(reader, externalId)
          .orElseThrow(() -> ProblemException.invalid("/external_id", "there is no such contact"));
    }
    long id = wanted.contactId() == null ? 0 : wanted.contactId();
    try {
      contacts.contact(reader, Long.toString(id));
    } catch (ProblemException e) {
      throw e.code().equals("contact_not_found")
          ? ProblemException.invalid("/contact_id", "there is no such contact")
          : e;
    }
    return id;
  }

  /** Null when the event was taken before. */
  private @Nullable Message accept(
      Identity who,
      NewMessage wanted,
      long contact,
      @Nullable EventKey event,
      @Nullable FrozenMedia files) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    UUID tenant = who.tenant();
    List<FieldProblem> problems = new ArrayList<>();
    Optional<TemplateVersion> template = template(tenant, wanted);
    if (template.isEmpty()) {
      problems.add(
          wanted.templateVersion() == null
              ? new FieldProblem("/template_id", "there is no such template")
              : new FieldProblem("/template_version", "there is no such version of a template"));
    }
    Optional<ChannelAccountReader.Account> account = accounts.hold(tenant, wanted.accountId());
    if (account.isEmpty()) {
      problems.add(new FieldProblem("/account_id", "there is no such channel account"));
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    TemplateVersion version = template.orElseThrow();
    ChannelAccountReader.Account with = account.orElseThrow();
    MessageContent content = version.channels().contentOn(with.channel());
    if (content == null) {
      throw ProblemException.invalid(
          "/template_id", "the template says nothing on " + with.channel());
    }
    Stream stream =
        new Stream(
            tenant,
            version.templateId(),
            version.version(),
            with.id(),
            wanted.policyOrDefault(),
            wanted.categoryOrNone());
    MessageRun run =
        runs.take(
            stream,
            contact,
            new MessageRuns.Made(
                version.name(), with, content, version.channels().mediaOn(with.channel()), files),
            now);
    Message message =
        new Message(
            Ids.next(),
            run,
            contact,
            wanted.externalId(),
            version.templateId(),
            with.id(),
            now,
            who.actor());
    if (!repository.insert(tenant, message, event)) {
      return null;
    }
    ChannelPlan plan = run.control().channels().getFirst();
    Lane lane = Lane.of(plan.accountId(), contact, plan.shards());
    outbox.publish(
        Topics.MESSAGE_ACCEPTED,
        lane.key(),
        new MessageAccepted(
            message.id(),
            tenant,
            run.id(),
            contact,
            plan.channel(),
            lane,
            wanted.variablesOrNone(),
            now));
    return message;
  }

  private Optional<TemplateVersion> template(UUID tenant, NewMessage wanted) {
    Long version = wanted.templateVersion();
    return version != null
        ? templates.holdVersion(tenant, wanted.templateId(), version)
        : templates
            .hold(tenant, wanted.templateId())
            .map(newest ->
                new TemplateVersion(
                    newest.id(),
                    newest.version(),
                    newest.name(),
                    newest.channels(),
                    newest.updatedAt(),
                    ""));
  }

  MessageView get(UUID tenantId, UUID id) {
    Message message =
        repository.find(tenantId, id).orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
    return states.views(tenantId, List.of(message)).getFirst();
  }

  Page<MessageView> page(UUID tenantId, MessageFilter filter, PageRequest request) {
    UUID after = request.after() == null ? null : cursorId(request.after());
    Page<Message> page =
        Page.of(
            repository.page(tenantId, filter, after, request.limitPlusOne()),
            request.limit(),
            message -> Cursors.encode(message.id()));
    return new Page<>(states.views(tenantId, page.items()), page.next());
  }

  private static UUID cursorId(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }
}
