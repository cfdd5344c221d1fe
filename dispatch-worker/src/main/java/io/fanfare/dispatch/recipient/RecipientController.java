package io.fanfare.dispatch.recipient;

import io.fanfare.dispatch.recipient.RecipientRepository.Recipient;
import io.fanfare.dispatch.recipient.RecipientRepository.Recorded;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door where recipients stand. */
@RestController
@Hidden
class RecipientController {

  private static final int MOST = 200;

  private final RecipientRepository recipients;

  RecipientController(RecipientRepository recipients) {
    this.recipients = recipients;
  }

  /** Changes nothing; a body, since a page of recipients is too long for a query. */
  @PostMapping("/internal/v1/recipients")
  List<Recorded> find(Identity who, @RequestBody List<Recipient> asked) {
    if (asked.size() > MOST) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST + " recipients at a time");
    }
    return recipients.find(who.tenant(), asked);
  }
}
