package io.fanfare.broadcast.template;

import java.util.Set;

/** The variables every template may count on. Any other renders as nothing. */
final class KnownVariables {

  private static final Set<String> BUILT_IN =
      Set.of(
          "contact.id",
          "contact.external_id",
          "contact.name",
          "contact.email",
          "contact.phone",
          "contact.telegram_chat_id",
          "contact.language",
          "contact.time_zone",
          "contact.country",
          "contact.city",
          "contact.roles",
          "contact.tags",
          "broadcast.id",
          "broadcast.name",
          "current_date",
          "current_time",
          "unsubscribe_link",
          "preferences_link",
          "confirm_link");

  private KnownVariables() {}

  static boolean knows(String variable) {
    return BUILT_IN.contains(variable)
        || variable.startsWith("contact.custom.")
        || variable.startsWith("vars.");
  }
}
