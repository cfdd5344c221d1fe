package io.fanfare.audience.quiet;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Quiet hours over REST. */
@RestController
@Tag(name = "Quiet hours", description = "Hours in which contacts get no messages")
class QuietController {

  private static final String TENANT = "/api/v1/quiet-hours";
  private static final String CONTACT = "/api/v1/contacts/{id}/quiet-hours";

  private final QuietEditor editor;

  QuietController(QuietEditor editor) {
    this.editor = editor;
  }

  @GetMapping(TENANT)
  @Operation(
      summary = "The tenant's quiet hours",
      description = "Of every contact that has none of its own. Empty: there are none.")
  QuietSetting common(@Parameter(hidden = true) Identity who) {
    return editor.find(who, QuietRepository.EVERY_CONTACT);
  }

  @PutMapping(TENANT)
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Set the tenant's quiet hours",
      description =
          "By the clock of each contact's time zone. Recipients of broadcasts whose contact has"
              + " quiet hours stay pending until they end; nothing is sent in them, retries"
              + " neither. Single messages are sent at any time. Hours that end when they begin are"
              + " refused; an empty object lifts them, for what waits already at its time.")
  QuietSetting setCommon(@Parameter(hidden = true) Identity who, @RequestBody QuietSetting hours) {
    return editor.set(who, QuietRepository.EVERY_CONTACT, hours);
  }

  @GetMapping(CONTACT)
  @Operation(
      summary = "A contact's own quiet hours",
      description = "Empty: the tenant's hold. 404 `contact_not_found`.")
  QuietSetting own(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return editor.find(who, id);
  }

  @PutMapping(CONTACT)
  @Operation(
      summary = "Set a contact's own quiet hours",
      description = "Instead of the tenant's; with `off` the contact has none.")
  QuietSetting setOwn(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @RequestBody QuietSetting hours) {
    return editor.set(who, id, hours);
  }

  @DeleteMapping(CONTACT)
  @Operation(
      summary = "Take a contact's own quiet hours away",
      description = "The tenant's hold again. Answers what stands: nothing.")
  QuietSetting removeOwn(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return editor.set(who, id, QuietSetting.NONE);
  }
}
