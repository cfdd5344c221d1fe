package io.fanfare.audience.preferredhour;

import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Preferred hours over REST. */
@RestController
@RequestMapping("/api/v1/contacts/{id}/preferred-hour")
@Tag(name = "Preferred hours", description = "When contacts like to get messages")
class PreferredHourController {

  private final PreferredHourEditor editor;

  PreferredHourController(PreferredHourEditor editor) {
    this.editor = editor;
  }

  @GetMapping
  @Operation(
      summary = "The hour a contact prefers",
      description = "Empty: he has told none. 404 `contact_not_found`.")
  PreferredHour get(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return editor.find(who, id);
  }

  @PutMapping
  @Operation(
      summary = "Set the hour a contact prefers",
      description =
          "By the clock of the contact's time zone. Broadcasts that are sent at the preferred hour"
              + " (`send_time`) and start from now on wait for it; quiet hours win.")
  PreferredHour set(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @RequestBody PreferredHour hour) {
    return editor.set(who, id, hour);
  }

  @DeleteMapping
  @Operation(
      summary = "Take the hour a contact prefers away",
      description = "Broadcasts use their own default. Answers what stands: nothing.")
  PreferredHour remove(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return editor.remove(who, id);
  }
}
