package io.fanfare.dispatch.engagement.bounce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Groups of fields with empty lines between them, as delivery-status and feedback-report are: names
 * in lower case, folded lines unfolded, the first of a name counts.
 */
final class FieldGroups {

  static final int MOST_BYTES = 64 * 1024;
  static final int MOST_GROUPS = 100;
  static final int MOST_FIELDS = 100;
  static final int MOST_VALUE = 2_000;

  private FieldGroups() {}

  /** What stands within bounds; the rest is left out. */
  static List<Map<String, String>> read(InputStream body) throws IOException {
    String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    List<Map<String, String>> groups = new ArrayList<>();
    Map<String, String> group = new LinkedHashMap<>();
    String name = "";
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.isBlank()) {
        if (!group.isEmpty()) {
          groups.add(group);
          group = new LinkedHashMap<>();
        }
        name = "";
        if (groups.size() == MOST_GROUPS) {
          return groups;
        }
      } else if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
        String before = group.get(name);
        if (before != null && before.length() < MOST_VALUE) {
          group.put(name, cut(before + " " + line.strip()));
        }
      } else {
        int colon = line.indexOf(':');
        name = colon < 1 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && group.size() < MOST_FIELDS) {
          group.putIfAbsent(name, cut(line.substring(colon + 1).strip()));
        }
      }
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private static String cut(String value) {
    return value.length() > MOST_VALUE ? value.substring(0, MOST_VALUE) : value;
  }
}
