package io.fanfare.localstack.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Invents contacts: several countries, languages, time zones and roles; of every hundred about 45
 * have both addresses, 30 e-mail alone, 20 Telegram alone and 5 neither. The same number always
 * gives the same contact. Addresses are under {@code example.com} and its like (RFC 2606), which
 * belong to nobody.
 */
public final class SampleAudience {

  private static final long SEED = 20_260_101;
  private static final long FIRST_CHAT_ID = 7_000_000_000L;

  private static final List<Place> PLACES =
      List.of(
          new Place("DE", "Berlin", "de", "Europe/Berlin"),
          new Place("DE", "Köln", "de", "Europe/Berlin"),
          new Place("FR", "Lyon", "fr", "Europe/Paris"),
          new Place("ES", "Sevilla", "es", "Europe/Madrid"),
          new Place("GB", "Leeds", "en", "Europe/London"),
          new Place("US", "Portland", "en", "America/Los_Angeles"),
          new Place("US", "Boston", "en", "America/New_York"),
          new Place("BR", "Recife", "pt", "America/Recife"),
          new Place("IN", "Pune", "hi", "Asia/Kolkata"),
          new Place("JP", "大阪", "ja", "Asia/Tokyo"),
          new Place("UA", "Львів", "uk", "Europe/Kyiv"),
          new Place("EG", "القاهرة", "ar", "Africa/Cairo"));
  private static final List<String> GIVEN =
      List.of(
          "Ada", "Bruno", "Chiara", "Dmytro", "Elif", "Femi", "Grete", "Hugo", "Inés", "Jun",
          "Kalinda", "Liam", "Mária", "Noor", "Olena", "Paulo", "Quinn", "Ravi", "Søren", "Tomoko");
  private static final List<String> FAMILY =
      List.of(
          "Almeida",
          "Berg",
          "Costa",
          "Dubois",
          "Eriksen",
          "Fischer",
          "García",
          "Hughes",
          "Ito",
          "Jansen",
          "Kovač",
          "Lindqvist",
          "Müller",
          "Nakamura",
          "O'Neill",
          "Petrenko",
          "Quispe",
          "Rossi",
          "Şahin",
          "Tran");
  private static final List<String> ROLES = List.of("student", "teacher", "tutor", "parent");
  private static final List<String> DOMAINS =
      List.of("example.com", "example.org", "example.net", "mail.example", "post.example");

  private SampleAudience() {}

  /**
   * Contacts in the form of {@code POST /api/v1/contacts/batch}.
   *
   * @param from the number of the first, from 0
   * @param count how many
   */
  public static List<Map<String, Object>> contacts(int from, int count) {
    List<Map<String, Object>> contacts = new ArrayList<>(count);
    for (int number = from; number < from + count; number++) {
      contacts.add(contact(number));
    }
    return contacts;
  }

  /** The same contacts, but everybody can be reached on every channel: for load. */
  public static List<Map<String, Object>> reachable(int from, int count) {
    List<Map<String, Object>> contacts = contacts(from, count);
    for (int i = 0; i < count; i++) {
      contacts.get(i).put("email", email(from + i));
      contacts.get(i).put("telegram_chat_id", FIRST_CHAT_ID + from + i);
    }
    return contacts;
  }

  /** The external id of a contact. */
  public static String externalId(int number) {
    return "sample-%07d".formatted(number);
  }

  /** The number of the contact with an external id. */
  public static int number(String externalId) {
    return Integer.parseInt(externalId.substring(externalId.lastIndexOf('-') + 1));
  }

  /** The e-mail address a contact has, if it has one. */
  public static String email(int number) {
    return "person%07d@%s".formatted(number, DOMAINS.get(number % DOMAINS.size()));
  }

  /** One contact. */
  public static Map<String, Object> contact(int number) {
    // A scrambled seed: neighbouring seeds of Random begin with nearly the same values.
    Random random = new Random((SEED + number) * 0x9E3779B97F4A7C15L);
    Place place = PLACES.get(random.nextInt(PLACES.size()));
    int reach = random.nextInt(100);
    String role = ROLES.get(random.nextInt(ROLES.size()));
    Map<String, Object> contact = new LinkedHashMap<>();
    contact.put("external_id", externalId(number));
    contact.put(
        "name",
        GIVEN.get(random.nextInt(GIVEN.size())) + " " + FAMILY.get(random.nextInt(FAMILY.size())));
    if (reach < 75) {
      contact.put("email", email(number));
    }
    if (reach < 45 || (reach >= 75 && reach < 95)) {
      contact.put("telegram_chat_id", FIRST_CHAT_ID + number);
    }
    contact.put("language", place.language());
    contact.put("time_zone", place.timeZone());
    contact.put("country", place.country());
    contact.put("city", place.city());
    contact.put("roles", List.of(role));
    contact.put("tags", List.of("sample"));
    contact.put("custom", Map.of("grade", 1 + random.nextInt(12), "points", random.nextInt(1000)));
    return contact;
  }

  private record Place(String country, String city, String language, String timeZone) {}
}
