package io.fanfare.audience.message;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.support.identity.Identity;
import org.springframework.stereotype.Component;

/** Forgets what single messages were to say to a contact that is to be erased. */
@Component
class MessageErasure implements ContactErasure {

  private final MessageRepository messages;

  MessageErasure(MessageRepository messages) {
    this.messages = messages;
  }

  @Override
  public void beforeErasing(Identity who, long contactId) {
    messages.forgetVariables(contactId);
  }
}
