package io.fanfare.analytics.recipient;

import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door what one contact did with the messages of a broadcast. */
@RestController
@Hidden
class DoingsController {

  private final DoingsReader reader;

  DoingsController(DoingsReader reader) {
    this.reader = reader;
  }

  /** Nothing of a broadcast of another tenant. */
  @GetMapping("/internal/v1/broadcasts/{id}/recipients/{contact}")
  RecipientDoings doings(Identity who, @PathVariable UUID id, @PathVariable long contact) {
    return reader.read(who.tenant(), id, contact);
  }
}
