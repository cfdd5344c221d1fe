package io.fanfare.audience.contact;

import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Contacts over REST. */
@RestController
@RequestMapping("/api/v1/contacts")
@Tag(name = "Contacts", description = "People with addresses")
class ContactController {

  static final int MAX_BATCH = 1_000;

  private static final String ONE =
      """
      {"external_id": "student-42", "name": "Ada Lovelace", "email": "ada@example.org",
       "telegram_chat_id": 123456789, "language": "en-GB", "time_zone": "Europe/London",
       "country": "GB", "city": "London", "roles": ["student"], "custom": {"grade": 7}}
      """;

  private final ContactEditor editor;
  private final ContactRepository contacts;

  ContactController(ContactEditor editor, ContactRepository contacts) {
    this.editor = editor;
    this.contacts = contacts;
  }

  @PostMapping
  @Operation(
      summary = "Create a contact",
      description =
          "422 with a pointer to each field that is wrong; 409 `external_id_taken` when another"
              + " contact has this external id.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = ContactFields.class),
              examples = @ExampleObject(ONE)))
  @ApiResponse(responseCode = "201", description = "It is made; the Location says where.")
  @ApiResponse(responseCode = "409", description = "external_id_taken")
  ResponseEntity<Contact> create(
      @Parameter(hidden = true) Identity who, @RequestBody JsonNode body) {
    Contact contact = editor.create(who, body);
    return ResponseEntity.created(URI.create("/api/v1/contacts/" + contact.id()))
        .eTag(EntityTag.of(contact.version()))
        .body(contact);
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Get a contact",
      description = "The `ETag` goes into the `If-Match` of an edit. 404 `contact_not_found`.")
  ResponseEntity<Contact> get(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    Contact contact =
        contacts.find(who.tenant(), id).orElseThrow(() -> ProblemException.notFound("contact", id));
    return ResponseEntity.ok().eTag(EntityTag.of(contact.version())).body(contact);
  }

  @GetMapping
  @Operation(
      summary = "List or search contacts",
      description = "In the order of their ids; those that fit every parameter that is given.")
  Page<Contact> list(
      @Parameter(hidden = true) Identity who,
      ContactQuery query,
      @Parameter(description = "The one with this external id", example = "student-42")
          @RequestParam(name = "external_id", required = false)
          @Nullable String externalId,
      PageRequest page) {
    if (externalId != null) {
      return new Page<>(
          contacts.findByExternalId(who.tenant(), externalId).stream().toList(), null);
    }
    query.check();
    List<Contact> rows =
        contacts.page(who.tenant(), query, ContactCursor.after(page), page.limitPlusOne());
    return Page.of(rows, page.limit(), contact -> Cursors.encode(contact.id()));
  }

  @PatchMapping("/{id}")
  @Operation(
      summary = "Change fields of a contact",
      description =
          "A merge patch: absent fields stay, null clears one; `custom`, `roles` and `tags` are"
              + " replaced whole. 412 `version_mismatch` when `If-Match` names another version.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = ContactFields.class),
              examples = @ExampleObject("{\"city\": \"Cambridge\", \"phone\": null}")))
  @ApiResponse(responseCode = "200", description = "The whole contact as it is now.")
  @ApiResponse(responseCode = "409", description = "external_id_taken")
  ResponseEntity<Contact> update(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody JsonNode patch) {
    Contact contact = editor.update(who, id, patch, ifMatch);
    return ResponseEntity.ok().eTag(EntityTag.of(contact.version())).body(contact);
  }

  @PutMapping("/by-external-id/{external_id}")
  @Operation(
      summary = "Write a contact by its external id",
      description = "The whole contact: absent fields are cleared. 201 when it is new, else 200.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = ContactFields.class),
              examples = @ExampleObject("{\"name\": \"Ada\", \"email\": \"ada@example.org\"}")))
  @ApiResponse(responseCode = "200", description = "It was there, and is now as given.")
  @ApiResponse(responseCode = "201", description = "It is new.")
  ResponseEntity<Contact> put(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "student-42") @PathVariable("external_id") String externalId,
      @RequestBody JsonNode body) {
    ContactEditor.Put put = editor.put(who, externalId, body);
    return ResponseEntity.status(put.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .location(URI.create("/api/v1/contacts/" + put.contact().id()))
        .eTag(EntityTag.of(put.contact().version()))
        .body(put.contact());
  }

  @PostMapping("/batch")
  @Operation(
      summary = "Write up to 1,000 contacts by their external ids",
      description =
          "Whole contacts, as with a single write. A row that is wrong is reported and the others"
              + " are kept. 413 `batch_too_large` above 1,000.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = BatchBody.class),
              examples = @ExampleObject("{\"contacts\": [" + ONE + "]}")))
  BatchResult batch(@Parameter(hidden = true) Identity who, @RequestBody JsonNode body) {
    JsonNode rows = body.get("contacts");
    if (rows == null || !rows.isArray() || rows.isEmpty()) {
      throw ProblemException.invalid("/contacts", "is not an array of 1 to 1000 contacts");
    }
    if (rows.size() > MAX_BATCH) {
      throw ProblemException.tooLarge(
          "batch_too_large", "a batch has at most " + MAX_BATCH + " contacts");
    }
    return editor.upsertBatch(who, rows.valueStream().toList());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Erase a contact",
      description =
          "All personal data goes, memberships of lists with it. Recipients of running broadcasts"
              + " that were not sent to yet end as skipped.")
  void delete(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    editor.delete(who, id, ifMatch);
  }

  /** The body of a batch, for the documentation. */
  @Schema(name = "ContactBatch")
  record BatchBody(List<ContactFields> contacts) {}
}
