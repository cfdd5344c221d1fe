package io.fanfare.audience.message;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door which messages were skipped before they were handed to the workers. */
@RestController
@Hidden
class MessageController {

  private static final int MOST = 200;

  /** A message and the broadcast that carries it. */
  record Asked(UUID messageId, UUID broadcastId) {}

  private final MessageRepository messages;

  MessageController(MessageRepository messages) {
    this.messages = messages;
  }

  /** Changes nothing; a body, since a page of ids is too long for a query. */
  @PostMapping("/internal/v1/messages/skipped")
  Map<UUID, String> skipped(Identity who, @RequestBody List<Asked> asked) {
    if (asked.size() > MOST) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST + " messages at a time");
    }
    return messages.skipped(
        who.tenant(),
        asked.stream().map(Asked::messageId).toList(),
        asked.stream().map(Asked::broadcastId).distinct().toList());
  }
}
