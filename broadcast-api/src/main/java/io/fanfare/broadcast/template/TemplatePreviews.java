package io.fanfare.broadcast.template;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.fanfare.template.TemplateEngine;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** Shows a template as a contact would see it; nothing is sent, stored or counted. */
@Service
class TemplatePreviews {

  private static final Map<String, Object> SAMPLE =
      Map.ofEntries(
          Map.entry("id", 1),
          Map.entry("external_id", "sample-1"),
          Map.entry("name", "Ada Lovelace"),
          Map.entry("email", "ada@example.org"),
          Map.entry("phone", "+441234567890"),
          Map.entry("telegram_chat_id", "100000001"),
          Map.entry("language", "en"),
          Map.entry("time_zone", "Europe/London"),
          Map.entry("country", "GB"),
          Map.entry("city", "London"),
          Map.entry("roles", List.of("student")),
          Map.entry("tags", List.of("sample")),
          Map.entry("custom", Map.of()));

  private final Templates templates;
  private final ContactClient contacts;
  private final TemplateEngine engine;
  private final Clock clock;

  TemplatePreviews(
      Templates templates, ContactClient contacts, TemplateEngine engine, Clock clock) {
    this.templates = templates;
    this.contacts = contacts;
    this.engine = engine;
    this.clock = clock;
  }

  TemplatePreview preview(Identity who, UUID templateId, PreviewRequest request) {
    MessageTemplate template = templates.get(who.tenant(), templateId);
    Map<String, Object> variables = request.variables() == null ? Map.of() : request.variables();
    return new PreviewRenderer(engine, contact(who, request), variables, clock.instant())
        .render(template.channels());
  }

  private Map<String, Object> contact(Identity who, PreviewRequest request) {
    if (request.contactId() != null && request.contact() != null) {
      throw ProblemException.invalid("/contact", "give either contact_id or contact");
    }
    if (request.contactId() != null) {
      return contacts.contact(who, request.contactId());
    }
    return request.contact() == null ? SAMPLE : request.contact();
  }
}
