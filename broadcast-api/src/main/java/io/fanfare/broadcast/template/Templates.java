package io.fanfare.broadcast.template;

import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A tenant's templates: only valid ones are kept, and every change makes a further version. */
@Service
public class Templates {

  private static final String RESOURCE = "template";

  private final TemplateRepository repository;
  private final TemplateChecker checker;
  private final AuditTrail audit;
  private final Clock clock;

  Templates(TemplateRepository repository, TemplateChecker checker, AuditTrail audit, Clock clock) {
    this.repository = repository;
    this.checker = checker;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  MessageTemplate create(Identity who, TemplateInput input) {
    requireValid(input);
    Instant now = now();
    MessageTemplate template =
        new MessageTemplate(
            Ids.next(), who.tenant(), input.name().strip(), 1, input.channels(), now, now);
    repository.insert(template);
    repository.insertVersion(template, who.actor());
    audit.record(who, "create", RESOURCE, template.id().toString(), null, summary(template));
    return template;
  }

  @Transactional
  MessageTemplate update(Identity who, UUID id, @Nullable String ifMatch, TemplateInput input) {
    MessageTemplate before = repository.lock(who.tenant(), id).orElseThrow(() -> notFound(id));
    EntityTag.require(ifMatch, before.version());
    requireValid(input);
    MessageTemplate after =
        new MessageTemplate(
            id,
            before.tenantId(),
            input.name().strip(),
            before.version() + 1,
            input.channels(),
            before.createdAt(),
            now());
    repository.update(after);
    repository.insertVersion(after, who.actor());
    audit.record(who, "update", RESOURCE, id.toString(), summary(before), summary(after));
    return after;
  }

  @Transactional
  void delete(Identity who, UUID id, @Nullable String ifMatch) {
    MessageTemplate template = repository.lock(who.tenant(), id).orElseThrow(() -> notFound(id));
    EntityTag.require(ifMatch, template.version());
    if (repository.isUsed(id)) {
      throw ProblemException.conflict(
          "template_in_use", "a broadcast that has not ended uses this template");
    }
    repository.delete(id);
    audit.record(who, "delete", RESOURCE, id.toString(), summary(template), null);
  }

  MessageTemplate get(UUID tenantId, UUID id) {
    return repository.byId(tenantId, id).orElseThrow(() -> notFound(id));
  }

  /** The template as it stands now. */
  public Optional<MessageTemplate> find(UUID tenantId, UUID id) {
    return repository.byId(tenantId, id);
  }

  /** The template, kept as it is until the running transaction ends; empty when there is none. */
  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<MessageTemplate> hold(UUID tenantId, UUID id) {
    return repository.share(tenantId, id);
  }

  /** A version of the template, with the name it had; empty when there is none. */
  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<TemplateVersion> holdVersion(UUID tenantId, UUID id, long version) {
    return hold(tenantId, id).flatMap(template -> repository.version(id, version));
  }

  Page<MessageTemplate> page(UUID tenantId, PageRequest request) {
    UUID after = request.after() == null ? null : cursorId(request.after());
    return Page.of(
        repository.page(tenantId, after, request.limitPlusOne()),
        request.limit(),
        template -> Cursors.encode(template.id()));
  }

  Page<TemplateVersion> versions(UUID tenantId, UUID id, PageRequest request) {
    get(tenantId, id);
    long below = request.after() == null ? Long.MAX_VALUE : cursorVersion(request.after());
    return Page.of(
        repository.versions(id, below, request.limitPlusOne()),
        request.limit(),
        version -> Cursors.encode(version.version()));
  }

  TemplateVersion version(UUID tenantId, UUID id, long version) {
    get(tenantId, id);
    return repository
        .version(id, version)
        .orElseThrow(() -> ProblemException.notFound("template_version", version));
  }

  private void requireValid(TemplateInput input) {
    TemplateReport report = checker.check(input.channels());
    if (!report.valid()) {
      List<FieldProblem> errors =
          report.errors().stream()
              .map(error ->
                  new FieldProblem(error.pointer(), error.message(), error.line(), error.column()))
              .toList();
      throw ProblemException.invalid(errors);
    }
  }

  private static Map<String, Object> summary(MessageTemplate template) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("name", template.name());
    summary.put("version", template.version());
    return summary;
  }

  private static UUID cursorId(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw notACursor();
    }
  }

  private static long cursorVersion(String after) {
    try {
      return Long.parseLong(Cursors.decode(after, 1).getFirst());
    } catch (NumberFormatException e) {
      throw notACursor();
    }
  }

  private static ProblemException notACursor() {
    return ProblemException.invalid("after", "is not a cursor of this collection");
  }

  private static ProblemException notFound(UUID id) {
    return ProblemException.notFound(RESOURCE, id);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
