package io.fanfare.audience.cap;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Frequency caps over REST. */
@RestController
@Tag(name = "Frequency caps", description = "How many messages a contact gets at most")
class CapController {

  private static final String TENANT = "/api/v1/frequency-cap";
  private static final String CONTACT = "/api/v1/contacts/{id}/frequency-cap";

  private final CapEditor editor;

  CapController(CapEditor editor) {
    this.editor = editor;
  }

  @GetMapping(TENANT)
  @Operation(
      summary = "The tenant's frequency cap",
      description = "Of every contact that has none of its own. Empty: nothing is limited.")
  FrequencyCap common(@Parameter(hidden = true) Identity who) {
    return editor.find(who, CapRepository.EVERY_CONTACT);
  }

  @PutMapping(TENANT)
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Set the tenant's frequency cap",
      description =
          "Holds from the next command on: a recipient over the cap is skipped as `over_cap` when it"
              + " would be released. Counted is what was sent, or is being sent, in any time of that"
              + " length; what was refused or given up is not. Single messages are not limited and"
              + " not counted. An empty object lifts the cap.")
  FrequencyCap setCommon(
      @Parameter(hidden = true) Identity who, @Valid @RequestBody FrequencyCap cap) {
    return editor.set(who, CapRepository.EVERY_CONTACT, cap);
  }

  @GetMapping(CONTACT)
  @Operation(
      summary = "A contact's own frequency cap",
      description =
          "What is absent follows the tenant's. Empty: it has none. 404 `contact_not_found`.")
  FrequencyCap own(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return editor.find(who, id);
  }

  @PutMapping(CONTACT)
  @Operation(
      summary = "Set a contact's own frequency cap",
      description = "Goes before the tenant's, whether lower or higher.")
  FrequencyCap setOwn(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @Valid @RequestBody FrequencyCap cap) {
    return editor.set(who, id, cap);
  }

  @DeleteMapping(CONTACT)
  @Operation(
      summary = "Take a contact's own frequency cap away",
      description = "The tenant's holds again. Answers what stands: nothing.")
  FrequencyCap removeOwn(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return editor.set(who, id, FrequencyCap.NONE);
  }
}
