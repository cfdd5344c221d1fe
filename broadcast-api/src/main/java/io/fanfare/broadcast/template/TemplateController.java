package io.fanfare.broadcast.template;

import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/templates}. */
@RestController
@RequestMapping("/api/v1/templates")
@Tag(name = "Templates", description = "What is said, on each channel, with variables in {{ }}.")
class TemplateController {

  private static final String CHANNELS =
      """
      "channels": {"email": {"subject": "News for {{ contact.name }}", \
      "html": "<p>Hello {{ contact.name | default('friend') }}</p>", \
      "text": "Hello {{ contact.name | default('friend') }}"}, \
      "telegram": {"text": "Hello <b>{{ contact.name }}</b>", "parse_mode": "html", \
      "buttons": [[{"text": "Read", "url": "https://example.org/{{ contact.language }}"}, \
      {"text": "Yes, I come", "data": "yes"}]]}}\
      """;
  private static final String INPUT = "{\"name\": \"Spring news\", " + CHANNELS + "}";
  private static final String EXAMPLE =
      "{\"id\": \"018f0000-0000-7000-8000-000000000021\", \"name\": \"Spring news\","
          + " \"version\": 1, \"created_at\": \"2026-11-23T07:00:00Z\","
          + " \"updated_at\": \"2026-11-23T07:00:00Z\", "
          + CHANNELS
          + "}";
  private static final String VERSION =
      "{\"template_id\": \"018f0000-0000-7000-8000-000000000021\", \"version\": 1,"
          + " \"name\": \"Spring news\", \"created_at\": \"2026-11-23T07:00:00Z\","
          + " \"created_by\": \"key:018f0000-0000-7000-8000-000000000009\", "
          + CHANNELS
          + "}";
  private static final String REPORT =
      """
      {"valid": false, "errors": [{"pointer": "/channels/email/html", "line": 3, "column": 12, \
      "message": "unknown filter \\"upcase\\""}], "variables": ["contact.name"], "warnings": []}\
      """;
  private static final String PREVIEW =
      """
      {"channels": {"email": {"subject": "News for Ada", "html": "<p>Hello Ada</p>", \
      "text": "Hello Ada"}}, "warnings": []}\
      """;

  private final Templates templates;
  private final TemplatePreviews previews;
  private final TemplateChecker checker;
  private final TemplateMedia media;

  TemplateController(
      Templates templates,
      TemplatePreviews previews,
      TemplateChecker checker,
      TemplateMedia media) {
    this.media = media;
    this.templates = templates;
    this.previews = previews;
    this.checker = checker;
  }

  @PostMapping
  @Operation(
      summary = "Make a template",
      description = "422 with pointer, line and column where a text is no valid template.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(INPUT))))
  @ApiResponse(responseCode = "201", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<MessageTemplate> create(Identity who, @Valid @RequestBody TemplateInput input) {
    MessageTemplate template = templates.create(who, input);
    return ResponseEntity.created(URI.create("/api/v1/templates/" + template.id()))
        .eTag(EntityTag.of(template.version()))
        .body(template);
  }

  @GetMapping
  @Operation(summary = "List templates", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + EXAMPLE + "]}")))
  Page<MessageTemplate> list(Identity who, @ParameterObject PageRequest page) {
    return templates.page(who.tenant(), page);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get a template", description = "Its newest version; the ETag names it.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<MessageTemplate> get(Identity who, @PathVariable UUID id) {
    MessageTemplate template = templates.get(who.tenant(), id);
    return ResponseEntity.ok().eTag(EntityTag.of(template.version())).body(template);
  }

  @PutMapping("/{id}")
  @Operation(
      summary = "Change a template",
      description =
          "Makes a further version. With If-Match, 412 when somebody else changed it first."
              + " Broadcasts that have started keep the version they started with.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(INPUT))))
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<MessageTemplate> update(
      Identity who,
      @PathVariable UUID id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @Valid @RequestBody TemplateInput input) {
    MessageTemplate template = templates.update(who, id, ifMatch, input);
    return ResponseEntity.ok().eTag(EntityTag.of(template.version())).body(template);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete a template",
      description = "409 while a broadcast that has not ended uses it.")
  @ApiResponse(responseCode = "204", description = "It is gone, with its versions.")
  void delete(
      Identity who,
      @PathVariable UUID id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
    templates.delete(who, id, ifMatch);
  }

  @GetMapping("/{id}/versions")
  @Operation(summary = "List the versions of a template", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + VERSION + "]}")))
  Page<TemplateVersion> versions(
      Identity who, @PathVariable UUID id, @ParameterObject PageRequest page) {
    return templates.versions(who.tenant(), id, page);
  }

  @GetMapping("/{id}/versions/{version}")
  @Operation(summary = "Get a version of a template", description = "Versions never change.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(VERSION)))
  TemplateVersion version(Identity who, @PathVariable UUID id, @PathVariable long version) {
    return templates.version(who.tenant(), id, version);
  }

  @PostMapping("/check")
  @RequireRole(Role.VIEWER)
  @Operation(
      summary = "Check a template",
      description =
          "Reads every text without saving anything: errors with line and column, the variables"
              + " used, and warnings such as for variables that nobody has. Files are fetched, and a"
              + " warning says what is wrong with each: a broadcast could not start with it.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(INPUT))))
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(REPORT)))
  TemplateReport check(Identity who, @Valid @RequestBody TemplateCheckRequest request) {
    return media.checked(who, request.channels(), checker.check(request.channels()));
  }

  @PostMapping("/{id}/preview")
  @RequireRole(Role.VIEWER)
  @Operation(
      summary = "Preview a template",
      description =
          "Rendered for a contact, for the fields of one made up, or for a sample. Sends nothing."
              + " 502 when the contact cannot be had right now.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      examples =
                          @ExampleObject(
                              "{\"contact\": {\"name\": \"Ada\"}, \"variables\": {\"price\": 12}}"))))
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(PREVIEW)))
  TemplatePreview preview(
      Identity who, @PathVariable UUID id, @Valid @RequestBody PreviewRequest request) {
    return media.previewed(who, previews.preview(who, id, request));
  }
}
