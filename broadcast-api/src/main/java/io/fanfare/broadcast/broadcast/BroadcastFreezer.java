package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.broadcast.ChannelAccountReader.Account;
import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.broadcast.template.MessageTemplate;
import io.fanfare.broadcast.template.TemplateChecker;
import io.fanfare.broadcast.template.Templates;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Looks up what a broadcast's settings name, and takes what its start freezes: the content and plan
 * of each channel. What it looked at stays as it is until the running transaction ends.
 */
@Component
class BroadcastFreezer {

  /** What everybody gets where nothing is tested. */
  private static final String ONLY = "a";

  /**
   * What a start freezes.
   *
   * @param templateVersion the version the content was taken from
   */
  record Frozen(long templateVersion, List<ChannelPlan> plans, List<BroadcastContent> contents) {}

  private final Templates templates;
  private final TemplateChecker checker;
  private final ChannelAccountReader accounts;

  BroadcastFreezer(Templates templates, TemplateChecker checker, ChannelAccountReader accounts) {
    this.templates = templates;
    this.checker = checker;
    this.accounts = accounts;
  }

  /**
   * Looks at the settings of a draft; its files are looked at when it is started or scheduled.
   *
   * @throws ProblemException 422 with a pointer to each setting that cannot be used
   */
  void check(UUID tenantId, UUID broadcastId, BroadcastSettings settings) {
    freeze(tenantId, broadcastId, settings, null);
  }

  /**
   * @param media the files, checked before this transaction; null when they are left out
   * @throws ProblemException 422 with a pointer to each setting that cannot be used
   */
  Frozen freeze(
      UUID tenantId, UUID broadcastId, BroadcastSettings settings, @Nullable FrozenMedia media) {
    List<FieldProblem> problems = new ArrayList<>(SettingsRules.check(settings));
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    Optional<MessageTemplate> template = templates.hold(tenantId, settings.templateId());
    if (template.isEmpty()) {
      problems.add(new FieldProblem("/template_id", "there is no such template"));
    }
    List<ChannelPlan> plans = new ArrayList<>();
    List<BroadcastContent> contents = new ArrayList<>();
    Map<UUID, Optional<MessageTemplate>> held = new HashMap<>();
    for (int i = 0; i < settings.channels().size(); i++) {
      ChannelChoice choice = settings.channels().get(i);
      String at = "/channels/" + i;
      Optional<Account> account = account(tenantId, choice, at, problems);
      List<BroadcastContent> said =
          settings.abTest() == null
              ? template
                  .flatMap(
                      found -> content(found, choice.channel(), at + "/channel", media, problems))
                  .map(
                      content -> new BroadcastContent(broadcastId, ONLY, choice.channel(), content))
                  .stream()
                  .toList()
              : variants(
                  tenantId,
                  broadcastId,
                  settings.abTest(),
                  choice.channel(),
                  held,
                  media,
                  problems);
      if (account.isPresent() && !said.isEmpty()) {
        plans.add(plan(choice, account.get(), said));
        contents.addAll(said);
      }
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    return new Frozen(template.orElseThrow().version(), plans, contents);
  }

  /** What each variant of a test says on a channel. */
  private List<BroadcastContent> variants(
      UUID tenantId,
      UUID broadcastId,
      AbTestPlan test,
      Channel channel,
      Map<UUID, Optional<MessageTemplate>> held,
      @Nullable FrozenMedia media,
      List<FieldProblem> problems) {
    List<BroadcastContent> contents = new ArrayList<>();
    for (int i = 0; i < test.variantList().size(); i++) {
      String variant = AbTestPlan.variantId(i);
      String at = "/ab_test/variants/" + i + "/channels/" + channel;
      UUID templateId = AbTestPlan.template(test.variantList().get(i), channel);
      Optional<MessageTemplate> template =
          templateId == null
              ? Optional.empty()
              : held.computeIfAbsent(templateId, id -> templates.hold(tenantId, id));
      if (template.isEmpty()) {
        problems.add(new FieldProblem(at + "/template_id", "there is no such template"));
      }
      template
          .flatMap(found -> content(found, channel, at + "/template_id", media, problems))
          .ifPresent(content ->
              contents.add(new BroadcastContent(broadcastId, variant, channel, content)));
    }
    if (contents.size() == test.variantList().size()) {
      problems.addAll(ButtonRules.check(test, channel, contents));
    }
    return contents;
  }

  private Optional<Account> account(
      UUID tenantId, ChannelChoice choice, String at, List<FieldProblem> problems) {
    Optional<Account> account = accounts.hold(tenantId, choice.accountId());
    if (account.isEmpty()) {
      problems.add(new FieldProblem(at + "/account_id", "there is no such channel account"));
    } else if (!account.get().channel().equals(choice.channel())) {
      problems.add(
          new FieldProblem(at + "/account_id", "this account speaks " + account.get().channel()));
    }
    return account;
  }

  private static Optional<MessageContent> content(
      MessageTemplate template,
      Channel channel,
      String at,
      @Nullable FrozenMedia media,
      List<FieldProblem> problems) {
    MessageContent content = template.channels().contentOn(channel);
    if (content == null) {
      problems.add(new FieldProblem(at, "the template says nothing on " + channel));
    }
    if (content == null || media == null) {
      return Optional.ofNullable(content);
    }
    Optional<MessageContent> complete =
        media.complete(content, template.channels().mediaOn(channel));
    if (complete.isEmpty()) {
      problems.add(
          new FieldProblem(
              at, "the template's files were changed while they were looked at; try again"));
    }
    return complete;
  }

  private ChannelPlan plan(ChannelChoice choice, Account account, List<BroadcastContent> said) {
    SortedSet<String> variables = new TreeSet<>();
    said.forEach(content -> variables.addAll(checker.variablesOf(content.content())));
    return new ChannelPlan(
        choice.channel(), choice.accountId(), account.shards(), List.copyOf(variables));
  }
}
