package io.fanfare.dispatch.engagement.preference;

import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.page.PublicPage;
import io.fanfare.dispatch.engagement.preference.PreferenceForm.Chosen;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Contact;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Expired;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Good;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Unknown;
import io.swagger.v3.oas.annotations.Hidden;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The page on which a contact chooses what it gets. Looking at it changes nothing; what is chosen
 * is with the broker before the answer, and audience-service does it.
 */
@RestController
@Hidden
class PreferenceController {

  private static final String TITLE = "What we send you";
  private static final String PAGE = SignedPreferenceLinks.PATH + "{token}";

  private final PreferenceTokens tokens;
  private final ChoiceClient choices;
  private final EngagementPublisher publisher;
  private final Clock clock;

  PreferenceController(
      PreferenceTokens tokens, ChoiceClient choices, EngagementPublisher publisher, Clock clock) {
    this.tokens = tokens;
    this.choices = choices;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** Changes nothing: programs follow links too. */
  @GetMapping(PAGE)
  ResponseEntity<byte[]> show(@PathVariable String token) {
    return withContact(
        token,
        contact -> {
          try {
            Optional<ContactChoices> found = choices.find(contact.tenantId(), contact.contactId());
            return found.isEmpty()
                ? gone()
                : PublicPage.of(HttpStatus.OK, TITLE, PreferenceForm.html(found.get()));
          } catch (ChoiceClient.Unavailable e) {
            return PublicPage.notNow(TITLE);
          }
        });
  }

  @PostMapping(path = PAGE, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  ResponseEntity<byte[]> choose(
      @PathVariable String token, @RequestBody MultiValueMap<String, String> fields) {
    return withContact(
        token,
        contact -> {
          Optional<Chosen> chosen = PreferenceForm.read(fields.asSingleValueMap());
          if (chosen.isEmpty()) {
            return PublicPage.of(
                HttpStatus.BAD_REQUEST,
                TITLE,
                "<h1>Not saved</h1><p>This is not what the page sends. Please open it again.</p>");
          }
          if (!chosen.get().choices().isEmpty()) {
            try {
              publisher.publishPreference(event(contact, chosen.get())).join();
            } catch (CompletionException e) {
              if (e.getCause() instanceof EngagementPublisher.NotConfirmed) {
                return PublicPage.notNow(TITLE);
              }
              throw e;
            }
          }
          return PublicPage.of(
              HttpStatus.OK,
              TITLE,
              "<h1>Saved</h1><p>It may take a moment until all our messages follow.</p><p><a href=\""
                  + token
                  + "\">Back to your choices</a></p>");
        });
  }

  private ContactPreference event(Contact contact, Chosen chosen) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    // The same form sent again is the same event.
    String name = contact.tenantId() + ":" + contact.contactId() + ":" + chosen;
    return new ContactPreference(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
        contact.tenantId(),
        contact.contactId(),
        chosen.seen(),
        chosen.choices(),
        now);
  }

  private ResponseEntity<byte[]> withContact(
      String token, Function<Contact, ResponseEntity<byte[]>> answer) {
    return switch (tokens.verify(token, clock.instant())) {
      case Good<Contact>(Contact contact) -> answer.apply(contact);
      case Expired<Contact> expired -> PublicPage.tooOld(TITLE);
      case Unknown<Contact> unknown -> PublicPage.unknown(TITLE);
    };
  }

  private static ResponseEntity<byte[]> gone() {
    return PublicPage.of(
        HttpStatus.GONE, TITLE, "<h1>You are not known here any more</h1><p>We send nothing.</p>");
  }
}
