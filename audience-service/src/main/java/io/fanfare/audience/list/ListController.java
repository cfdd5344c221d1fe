package io.fanfare.audience.list;

import io.fanfare.audience.contact.Contact;
import io.fanfare.audience.contact.ContactCursor;
import io.fanfare.audience.contact.ContactRepository;
import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Static lists over REST. */
@RestController
@RequestMapping("/api/v1/lists")
@Tag(name = "Lists", description = "Static lists of contacts")
class ListController {

  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";
  private static final String PRINTABLE = "\\P{Cntrl}*";
  private static final String PRINTABLE_LINES = "[\\P{Cntrl}\\r\\n\\t]*";

  private final ListEditor editor;
  private final ListRepository lists;
  private final ContactRepository contacts;
  private final ListOptInRepository optIns;
  private final Clock clock;

  ListController(
      ListEditor editor,
      ListRepository lists,
      ContactRepository contacts,
      ListOptInRepository optIns,
      Clock clock) {
    this.editor = editor;
    this.lists = lists;
    this.contacts = contacts;
    this.optIns = optIns;
    this.clock = clock;
  }

  @PostMapping
  @Operation(
      summary = "Create a list",
      description =
          "It begins empty. With `double_opt_in` whoever is added is sent the template over the"
              + " account, once in 30 days, and is a member when it has confirmed on the page that"
              + " `{{ confirm_link }}` leads to, within 7 days. 422 when the name is wrong.")
  @ApiResponse(responseCode = "201", description = "It is made; the Location says where.")
  ResponseEntity<ContactList> create(
      @Parameter(hidden = true) Identity who, @Valid @RequestBody NewList body) {
    ContactList list = editor.create(who, body.name(), body.description(), body.doubleOptIn());
    return ResponseEntity.created(URI.create("/api/v1/lists/" + list.id()))
        .eTag(EntityTag.of(list.version()))
        .body(list);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get a list", description = "`contacts` is exact. 404 `list_not_found`.")
  ResponseEntity<ContactList> get(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    ContactList list = found(who, id);
    return ResponseEntity.ok().eTag(EntityTag.of(list.version())).body(list);
  }

  @GetMapping
  @Operation(summary = "List the lists", description = "Oldest first.")
  Page<ContactList> list(@Parameter(hidden = true) Identity who, PageRequest page) {
    List<ContactList> rows = lists.page(who.tenant(), after(page), page.limitPlusOne());
    return Page.of(rows, page.limit(), list -> Cursors.encode(list.id()));
  }

  @PatchMapping("/{id}")
  @Operation(
      summary = "Rename a list",
      description =
          "Absent fields stay; an empty description clears it, and an empty object `double_opt_in`:"
              + " who is pending then can still confirm. 412 `version_mismatch` when"
              + " `If-Match` names another version.")
  ResponseEntity<ContactList> update(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody ListPatch body) {
    ContactList list =
        editor.update(who, id, body.name(), body.description(), body.doubleOptIn(), ifMatch);
    return ResponseEntity.ok().eTag(EntityTag.of(list.version())).body(list);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete a list",
      description =
          "Its contacts stay. A broadcast that has frozen its audience goes on; one that has not"
              + " fails with `list_not_found`.")
  void delete(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    editor.delete(who, id, ifMatch);
  }

  @PostMapping("/{id}/contacts")
  @Operation(
      summary = "Add contacts to a list",
      description =
          "Up to 10,000, by ids or by external ids; 413 `batch_too_large` above. Contacts that are"
              + " on it already count as duplicates; those that have to confirm first as pending.")
  ListEditor.Added add(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @RequestBody MembersRequest body) {
    body.check();
    return editor.add(who, id, body);
  }

  @PostMapping("/{id}/contacts/remove")
  @Operation(
      summary = "Remove contacts from a list",
      description = "Up to 10,000, by ids or by external ids; 413 `batch_too_large` above.")
  ListEditor.Removed remove(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @RequestBody MembersRequest body) {
    body.check();
    return editor.remove(who, id, body);
  }

  @GetMapping("/{id}/contacts")
  @Operation(summary = "List the contacts of a list", description = "In the order of their ids.")
  Page<Contact> members(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      PageRequest page) {
    found(who, id);
    List<Contact> rows =
        contacts.members(who.tenant(), id, ContactCursor.after(page), page.limitPlusOne());
    return Page.of(rows, page.limit(), contact -> Cursors.encode(contact.id()));
  }

  @GetMapping("/{id}/opt-ins")
  @Operation(
      summary = "Who was asked to confirm",
      description = "And when, and who confirmed. In the order of the contacts' ids.")
  Page<ListOptIn> optIns(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      PageRequest page) {
    found(who, id);
    List<ListOptIn> rows =
        optIns.page(id, ContactCursor.after(page), clock.instant(), page.limitPlusOne());
    return Page.of(rows, page.limit(), optIn -> Cursors.encode(optIn.contactId()));
  }

  private ContactList found(Identity who, UUID id) {
    return lists.find(who.tenant(), id).orElseThrow(() -> ProblemException.notFound("list", id));
  }

  private static @Nullable UUID after(PageRequest page) {
    if (page.after() == null) {
      return null;
    }
    try {
      return UUID.fromString(Cursors.decode(page.after(), 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  /** A list to make. */
  @Schema(name = "NewContactList")
  record NewList(
      @Schema(example = "All students")
          @NotBlank(message = "has 1 to 200 characters")
          @Size(max = 200, message = "has 1 to 200 characters")
          @Pattern(regexp = PRINTABLE, message = "has a control character")
          String name,
      @Schema(example = "Everybody enrolled this year")
          @Size(max = 1000, message = "has at most 1000 characters")
          @Pattern(regexp = PRINTABLE_LINES, message = "has a control character")
          @Nullable String description,
      @Nullable DoubleOptIn doubleOptIn) {}

  /** What to change of a list. */
  @Schema(name = "ContactListPatch")
  record ListPatch(
      @Schema(example = "Students of 2026")
          @Size(min = 1, max = 200, message = "has 1 to 200 characters")
          @Pattern(regexp = "(?=.*\\S)\\P{Cntrl}+", message = "is printable text")
          @Nullable String name,
      @Schema(example = "")
          @Size(max = 1000, message = "has at most 1000 characters")
          @Pattern(regexp = PRINTABLE_LINES, message = "has a control character")
          @Nullable String description,
      @Nullable DoubleOptIn doubleOptIn) {}
}
