package io.fanfare.audience.contact;

import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.JsonPointers;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.IllformedLocaleException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one contact from JSON. What is wrong with it is collected, each with its JSON pointer, so
 * that a batch can report all of it at once; the fields returned are only worth keeping when
 * nothing was.
 */
final class ContactReader {

  static final int MAX_CUSTOM_BYTES = 8_192;

  private static final Set<String> FIELDS =
      Set.of(
          "external_id",
          "name",
          "email",
          "phone",
          "telegram_chat_id",
          "language",
          "time_zone",
          "country",
          "city",
          "roles",
          "tags",
          "custom");
  private static final int MAX_CUSTOM_FIELDS = 100;
  private static final Pattern CUSTOM_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern PHONE = Pattern.compile("\\+?[0-9(][0-9 ().-]{2,30}");
  // Stricter than RFC 5321: what is refused here could break out of an SMTP command line.
  private static final Pattern EMAIL =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*"
              + "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Set<String> COUNTRIES =
      Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);
  private static final Set<String> TIME_ZONES = ZoneId.getAvailableZoneIds();

  private final JsonNode node;
  private final String pointer;
  private final List<FieldProblem> problems;

  private ContactReader(JsonNode node, String pointer, List<FieldProblem> problems) {
    this.node = node;
    this.pointer = pointer;
    this.problems = problems;
  }

  /**
   * Reads a contact.
   *
   * @param pointer where it stands in the body; empty for the body itself
   * @param problems takes what is wrong
   */
  static ContactFields read(JsonNode node, String pointer, List<FieldProblem> problems) {
    return new ContactReader(node, pointer, problems).read();
  }

  private ContactFields read() {
    if (!node.isObject()) {
      problems.add(new FieldProblem(pointer, "is not an object"));
    }
    for (String name : node.propertyNames()) {
      if (!FIELDS.contains(name)) {
        problem(JsonPointers.escaped(name), "is not a field of a contact");
      }
    }
    return new ContactFields(
        text("external_id", 200),
        text("name", 200),
        email(),
        phone(),
        chatId(),
        language(),
        timeZone(),
        country(),
        text("city", 100),
        texts("roles", 50),
        texts("tags", 100),
        custom());
  }

  private @Nullable String text(String field, int maxLength) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      return problem(field, "is not a string");
    }
    String text = value.stringValue();
    if (text.isBlank() || text.length() > maxLength) {
      return problem(field, "has 1 to " + maxLength + " characters");
    }
    if (CONTROL.matcher(text).find()) {
      return problem(field, "has a control character");
    }
    return text;
  }

  private @Nullable String email() {
    String email = text("email", 254);
    if (email == null) {
      return null;
    }
    boolean local = email.indexOf('@') <= 64;
    return local && EMAIL.matcher(email).matches()
        ? email
        : problem("email", "is not an e-mail address in ASCII");
  }

  private @Nullable String phone() {
    String phone = text("phone", 32);
    return phone == null || PHONE.matcher(phone).matches()
        ? phone
        : problem("phone", "is not a phone number");
  }

  private @Nullable Long chatId() {
    JsonNode value = node.get("telegram_chat_id");
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() == 0) {
      problem("telegram_chat_id", "is not a whole number other than 0 of at most 64 bits");
      return null;
    }
    return value.longValue();
  }

  private @Nullable String language() {
    String language = text("language", 35);
    if (language == null) {
      return null;
    }
    try {
      new Locale.Builder().setLanguageTag(language);
      return language;
    } catch (IllformedLocaleException e) {
      return problem("language", "is not a BCP 47 language tag");
    }
  }

  private @Nullable String timeZone() {
    String zone = text("time_zone", 64);
    return zone == null || TIME_ZONES.contains(zone)
        ? zone
        : problem("time_zone", "is not an IANA time zone");
  }

  private @Nullable String country() {
    String country = text("country", 2);
    return country == null || COUNTRIES.contains(country)
        ? country
        : problem("country", "is not an ISO 3166-1 alpha-2 code in upper case");
  }

  private List<String> texts(String field, int maxSize) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray() || value.size() > maxSize) {
      problem(field, "is not an array of at most " + maxSize + " strings");
      return List.of();
    }
    Set<String> texts = new LinkedHashSet<>();
    for (int i = 0; i < value.size(); i++) {
      JsonNode element = value.get(i);
      String text = element.isString() ? element.stringValue() : "";
      if (text.isBlank() || text.length() > 64 || CONTROL.matcher(text).find()) {
        problem(field + "/" + i, "is not a string of 1 to 64 characters");
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  private Map<String, Object> custom() {
    JsonNode value = node.get("custom");
    if (value == null || value.isNull()) {
      return Map.of();
    }
    if (!value.isObject() || value.size() > MAX_CUSTOM_FIELDS) {
      problem("custom", "is not an object of at most " + MAX_CUSTOM_FIELDS + " fields");
      return Map.of();
    }
    List<String> names = new ArrayList<>(value.propertyNames());
    for (String name : names) {
      if (!CUSTOM_NAME.matcher(name).matches()) {
        problem("custom", "has a field whose name is not made of letters, digits and _");
        return Map.of();
      }
    }
    String json = value.toString();
    if (json.getBytes(StandardCharsets.UTF_8).length > MAX_CUSTOM_BYTES) {
      problem("custom", "is longer than " + MAX_CUSTOM_BYTES + " bytes");
      return Map.of();
    }
    // PostgreSQL's text cannot hold this character.
    if (json.contains("\\u0000")) {
      problem("custom", "has a control character");
      return Map.of();
    }
    return ContactJson.object(value);
  }

  private @Nullable String problem(String field, String detail) {
    problems.add(new FieldProblem(pointer + "/" + field, detail));
    return null;
  }
}
