package io.fanfare.dispatch.engagement.preference;

import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.page.PublicPage;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Confirmation;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Expired;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Good;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Unknown;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The page on which a contact confirms that it wants to be on a list. Following the link confirms
 * nothing, since programs follow links too; pressing the button does.
 */
@RestController
@Hidden
class ConfirmationController {

  private static final String TITLE = "Please confirm";
  private static final String PAGE = SignedPreferenceLinks.CONFIRM + "{token}";

  private final PreferenceTokens tokens;
  private final EngagementPublisher publisher;
  private final Clock clock;

  ConfirmationController(PreferenceTokens tokens, EngagementPublisher publisher, Clock clock) {
    this.tokens = tokens;
    this.publisher = publisher;
    this.clock = clock;
  }

  @GetMapping(PAGE)
  ResponseEntity<byte[]> ask(@PathVariable String token) {
    return with(
        token,
        about ->
            PublicPage.of(
                HttpStatus.OK,
                TITLE,
                "<h1>Please confirm</h1><p>Do you want the messages you were asked about?</p>"
                    + "<form method=\"post\"><button>Yes</button></form>"
                    + "<p class=\"note\">If not, there is nothing to do.</p>"));
  }

  @PostMapping(PAGE)
  ResponseEntity<byte[]> confirm(@PathVariable String token) {
    return with(
        token,
        about -> {
          try {
            publisher
                .publishConfirmation(
                    new ListConfirmed(
                        about.tenantId(),
                        about.contactId(),
                        about.listId(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS)))
                .join();
          } catch (CompletionException e) {
            if (e.getCause() instanceof EngagementPublisher.NotConfirmed) {
              return PublicPage.notNow(TITLE);
            }
            throw e;
          }
          return PublicPage.of(
              HttpStatus.OK, TITLE, "<h1>Thank you</h1><p>You will get our messages.</p>");
        });
  }

  private ResponseEntity<byte[]> with(
      String token, Function<Confirmation, ResponseEntity<byte[]>> answer) {
    return switch (tokens.verifyConfirmation(token, clock.instant())) {
      case Good<Confirmation>(Confirmation about) -> answer.apply(about);
      case Expired<Confirmation> expired -> PublicPage.tooOld(TITLE);
      case Unknown<Confirmation> unknown -> PublicPage.unknown(TITLE);
    };
  }
}
