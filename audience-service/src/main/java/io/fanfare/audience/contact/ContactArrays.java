package io.fanfare.audience.contact;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many contacts as one array a column, which PostgreSQL reads faster than a document. */
final class ContactArrays {

  /** What a statement reads them as. */
  static final String UNNEST =
      """
      unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[],
             ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
        as g (id, external_id, name, email, phone, telegram_chat_id, language, time_zone, country,
              city, roles, tags, custom)
      """;

  private final List<Object> columns = new ArrayList<>();

  private ContactArrays(long[] ids) {
    columns.add(ids);
  }

  static ContactArrays of(long[] ids, List<ContactFields> contacts) {
    ContactArrays arrays = new ContactArrays(ids);
    arrays.text(contacts, ContactFields::externalId);
    arrays.text(contacts, ContactFields::name);
    arrays.text(contacts, ContactFields::email);
    arrays.text(contacts, ContactFields::phone);
    arrays.columns.add(contacts.stream().map(ContactFields::telegramChatId).toArray(Long[]::new));
    arrays.text(contacts, ContactFields::language);
    arrays.text(contacts, ContactFields::timeZone);
    arrays.text(contacts, ContactFields::country);
    arrays.text(contacts, ContactFields::city);
    arrays.text(contacts, contact -> literal(contact.roles()));
    arrays.text(contacts, contact -> literal(contact.tags()));
    arrays.text(
        contacts,
        contact -> contact.custom().isEmpty() ? "{}" : ContactJson.write(contact.custom()));
    return arrays;
  }

  /** The parameters of a statement that has one more before or after them. */
  Object[] parameters(@Nullable UUID before, @Nullable UUID after) {
    List<Object> parameters = new ArrayList<>(columns.size() + 2);
    if (before != null) {
      parameters.add(before);
    }
    parameters.addAll(columns);
    if (after != null) {
      parameters.add(after);
    }
    return parameters.toArray();
  }

  private void text(List<ContactFields> contacts, Function<ContactFields, @Nullable String> of) {
    @Nullable String[] values = new String[contacts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = of.apply(contacts.get(i));
    }
    columns.add(values);
  }

  /** Texts as a literal of PostgreSQL's array; arrays of arrays would have to be of one length. */
  static String literal(List<String> texts) {
    if (texts.isEmpty()) {
      return "{}";
    }
    StringBuilder literal = new StringBuilder("{");
    for (String text : texts) {
      if (literal.length() > 1) {
        literal.append(',');
      }
      literal.append('"');
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"' || c == '\\') {
          literal.append('\\');
        }
        literal.append(c);
      }
      literal.append('"');
    }
    return literal.append('}').toString();
  }
}
