package io.fanfare.audience.optout;

import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells the workers what a contact may choose, for the page on which it does. */
@RestController
@Hidden
class PreferenceController {

  private final OptOutEditor editor;

  PreferenceController(OptOutEditor editor) {
    this.editor = editor;
  }

  @GetMapping("/internal/v1/contacts/{id}/preferences")
  Preferences preferences(Identity who, @PathVariable long id) {
    return editor.preferences(who, id);
  }
}
