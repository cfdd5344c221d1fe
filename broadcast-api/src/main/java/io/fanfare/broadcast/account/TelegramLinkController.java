package io.fanfare.broadcast.account;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Links by which contacts tell a bot who they are. */
@RestController
@Tag(name = "Contacts")
class TelegramLinkController {

  private static final String EXAMPLE =
      """
      {"url": "https://t.me/example_school_bot?start=AQ7hAY8AAAAAcACAAAAAAAAAAwAAAAAAAAAqadZ1YHh5",
       "expires_at": "2026-11-30T07:00:00Z"}\
      """;

  private final TelegramLinks links;

  TelegramLinkController(TelegramLinks links) {
    this.links = links;
  }

  @PostMapping("/api/v1/contacts/{id}/telegram-link")
  @RequireRole(Role.EDITOR)
  @Operation(
      summary = "Make a link that connects a contact with its Telegram chat",
      description =
          "Whoever opens it within seven days and presses Start becomes the contact's"
              + " `telegram_chat_id`, in place of the one before, and is opted in to Telegram again."
              + " It can be opened more than once: give it to that person alone. Needs updates of the"
              + " bot (`updates` poll or webhook). 404 `contact_not_found`; 422 when there are several"
              + " bots and none is named; 409 `no_bot`, `updates_off` or `bot_unavailable`.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = false,
      content =
          @Content(
              examples =
                  @ExampleObject("{\"account_id\": \"018f0000-0000-7000-8000-000000000003\"}")))
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "409", description = "no_bot, updates_off, bot_unavailable")
  TelegramLink make(
      Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @RequestBody(required = false) @Nullable TelegramLinkRequest request) {
    return links.make(who, id, request == null ? null : request.accountId());
  }
}
