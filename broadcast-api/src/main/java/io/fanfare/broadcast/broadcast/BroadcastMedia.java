package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.broadcast.media.MediaChecks;
import io.fanfare.broadcast.media.PlacedSource;
import io.fanfare.broadcast.template.Templates;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Has the files of a broadcast checked before the transaction that starts or schedules it. One that
 * was scheduled starts with what was checked then; only what its templates name since is fetched.
 */
@Component
class BroadcastMedia {

  private final BroadcastRepository repository;
  private final Templates templates;
  private final MediaChecks checks;

  BroadcastMedia(BroadcastRepository repository, Templates templates, MediaChecks checks) {
    this.repository = repository;
    this.templates = templates;
    this.checks = checks;
  }

  /**
   * The files of a broadcast that is about to be started or scheduled; nothing when it cannot be.
   *
   * @throws io.fanfare.support.problem.ProblemException 422 with a pointer to each file that cannot
   *     be sent
   */
  FrozenMedia take(Identity who, UUID broadcastId) {
    Optional<Broadcast> found = repository.byId(who.tenant(), broadcastId);
    if (found.isEmpty()) {
      return FrozenMedia.NONE;
    }
    return switch (found.get().state()) {
      case DRAFT -> take(who, found.get().settings());
      case SCHEDULED -> takeMissing(who, found.get());
      case RUNNING, PAUSED, COMPLETED, FAILED, CANCELLED -> FrozenMedia.NONE;
    };
  }

  /** The same by its settings; nothing when these are wrong, which is told elsewhere. */
  FrozenMedia take(Identity who, BroadcastSettings settings) {
    List<PlacedSource> sources = sources(who.tenant(), settings);
    return sources.isEmpty()
        ? FrozenMedia.NONE
        : checks.take(who.tenant(), sources, FrozenMedia.NONE, who.actor());
  }

  /** What is wrong with the files of a broadcast now; nothing of them is kept. */
  List<FieldProblem> wrong(UUID tenantId, BroadcastSettings settings) {
    List<PlacedSource> sources = sources(tenantId, settings);
    return sources.isEmpty() ? List.of() : checks.warnings(tenantId, sources);
  }

  /** The files of a scheduled broadcast; empty when some would have to be fetched first. */
  Optional<FrozenMedia> ready(Broadcast broadcast) {
    List<PlacedSource> sources = sources(broadcast.tenantId(), broadcast.settings());
    if (sources.isEmpty()) {
      return Optional.of(FrozenMedia.NONE);
    }
    FrozenMedia known = checks.copiesOf(broadcast.id());
    return MediaChecks.isKnown(known, sources)
        ? Optional.of(
            checks.take(
                broadcast.tenantId(),
                sources,
                known,
                Identity.system(broadcast.tenantId()).actor()))
        : Optional.empty();
  }

  private FrozenMedia takeMissing(Identity who, Broadcast broadcast) {
    List<PlacedSource> sources = sources(broadcast.tenantId(), broadcast.settings());
    return sources.isEmpty()
        ? FrozenMedia.NONE
        : checks.take(who.tenant(), sources, checks.copiesOf(broadcast.id()), who.actor());
  }

  /** The broadcast, if it is scheduled and everything is to be fetched that is missing. */
  FrozenMedia takeMissing(Broadcast broadcast) {
    return takeMissing(Identity.system(broadcast.tenantId()), broadcast);
  }

  Optional<Broadcast> scheduled(UUID id) {
    return repository.anyById(id).filter(found -> found.state() == BroadcastState.SCHEDULED);
  }

  private List<PlacedSource> sources(UUID tenantId, BroadcastSettings settings) {
    List<PlacedSource> sources = new ArrayList<>();
    if (!SettingsRules.check(settings).isEmpty()) {
      return sources;
    }
    AbTestPlan test = settings.abTest();
    for (int i = 0; i < settings.channels().size(); i++) {
      Channel channel = settings.channels().get(i).channel();
      if (test == null) {
        add(tenantId, settings.templateId(), channel, "/channels/" + i, sources);
      } else {
        for (int v = 0; v < test.variantList().size(); v++) {
          add(
              tenantId,
              AbTestPlan.template(test.variantList().get(v), channel),
              channel,
              "/ab_test/variants/" + v + "/channels/" + channel,
              sources);
        }
      }
    }
    return sources;
  }

  private void add(
      UUID tenantId,
      @Nullable UUID templateId,
      Channel channel,
      String at,
      List<PlacedSource> sources) {
    if (templateId != null) {
      templates
          .find(tenantId, templateId)
          .ifPresent(template -> sources.addAll(template.channels().mediaOn(channel, at)));
    }
  }
}
