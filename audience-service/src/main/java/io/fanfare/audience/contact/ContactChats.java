package io.fanfare.audience.contact;

import io.fanfare.support.identity.Identity;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which Telegram chats are whose. */
@Service
public class ContactChats {

  /** Contacts of one chat that are looked at, the oldest first. */
  static final int MOST_OF_A_CHAT = 100;

  private final ContactEditor editor;
  private final ContactRepository contacts;
  private final JdbcTemplate jdbc;

  ContactChats(ContactEditor editor, ContactRepository contacts, JdbcTemplate jdbc) {
    this.editor = editor;
    this.contacts = contacts;
    this.jdbc = jdbc;
  }

  /**
   * Gives a contact a chat, in place of the one it had. Other contacts keep the same chat if they
   * have it: of those a broadcast reaches one.
   *
   * @return false when the contact is gone
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean link(Identity who, long contactId, long chat) {
    if (contacts.findForUpdate(who.tenant(), contactId).isEmpty()) {
      return false;
    }
    var patch = JsonNodeFactory.instance.objectNode().put("telegram_chat_id", chat);
    editor.update(who, contactId, patch, null);
    return true;
  }

  /** The tenant's contacts with a chat, by id. */
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Long> of(UUID tenantId, long chat) {
    return jdbc.query(
        "select id from contact where tenant_id = ? and telegram_chat_id = ? order by id limit ?",
        (row, number) -> row.getLong(1),
        tenantId,
        chat,
        MOST_OF_A_CHAT);
  }
}
