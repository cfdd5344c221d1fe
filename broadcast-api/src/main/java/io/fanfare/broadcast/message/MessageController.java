package io.fanfare.broadcast.message;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/messages}: single messages, sent ahead of broadcasts. */
@RestController
@RequestMapping("/api/v1/messages")
@Tag(name = "Messages", description = "One message to one contact, ahead of broadcasts.")
class MessageController {

  private final Messages messages;

  MessageController(Messages messages) {
    this.messages = messages;
  }

  @PostMapping
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Send one message",
      description =
          "To a contact, named by contact_id or external_id, over a channel account. Sent ahead of"
              + " broadcasts, tried again like them. The Location says where it stands. With an"
              + " `Idempotency-Key` the same request sends once. 422 points at each field that"
              + " cannot be used, such as a template that says nothing on the account's channel;"
              + " 429 `too_many_messages` when the contact got too many of this template today.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(MessageExamples.NEW))))
  @ApiResponse(
      responseCode = "202",
      content = @Content(examples = @ExampleObject(MessageExamples.VIEW)))
  ResponseEntity<MessageView> send(Identity who, @Valid @RequestBody NewMessage wanted) {
    MessageView message = messages.accept(who, wanted, null).orElseThrow();
    return ResponseEntity.accepted()
        .location(URI.create(MessageView.path(message.id())))
        .body(message);
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Get a message",
      description =
          "Where it stands and, unless it waits or was sent, why. 404 `message_not_found` some days"
              + " after it was accepted.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(MessageExamples.VIEW)))
  MessageView get(Identity who, @PathVariable UUID id) {
    return messages.get(who.tenant(), id);
  }

  @GetMapping
  @Operation(summary = "List messages", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + MessageExamples.VIEW + "]}")))
  Page<MessageView> list(
      Identity who,
      @Parameter(description = "To this contact", example = "42")
          @RequestParam(name = "contact_id", required = false)
          @Nullable Long contactId,
      @Parameter(description = "From this template")
          @RequestParam(name = "template_id", required = false)
          @Nullable UUID templateId,
      @Parameter(description = "With this channel account")
          @RequestParam(name = "account_id", required = false)
          @Nullable UUID accountId,
      @ParameterObject PageRequest page) {
    return messages.page(who.tenant(), new MessageFilter(contactId, templateId, accountId), page);
  }
}
