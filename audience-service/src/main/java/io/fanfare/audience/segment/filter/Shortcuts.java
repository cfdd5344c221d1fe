package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.CustomAny;
import io.fanfare.audience.segment.filter.Filter.CustomElement;
import io.fanfare.audience.segment.filter.Filter.Text;
import io.fanfare.audience.segment.filter.Filter.TextTest;
import io.fanfare.audience.segment.filter.Filter.Whole;
import io.fanfare.audience.segment.filter.Filter.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Short forms that stand for trees over fields. Relations are custom fields named after them
 * ({@code subject}, {@code tutor}, {@code teacher}: an id or an array of ids), pipelines are
 * objects {@code {pipeline, stage}} in {@code custom.pipelines}, registrations objects {@code
 * {event, status}} or the events' bare names in {@code custom.registrations}.
 */
final class Shortcuts {

  private static final Map<String, String> ROLES =
      Map.of("students", "student", "teachers", "teacher", "tutors", "tutor", "parents", "parent");

  private Shortcuts() {}

  static @Nullable Filter group(Members members) {
    String group = members.text("group");
    if (group == null) {
      return null;
    }
    if (group.equals("everyone") || ROLES.containsKey(group)) {
      members.only("group");
      String role = ROLES.get(group);
      return role == null
          ? new All(List.of())
          : new Words(ContactField.ROLES, false, List.of(role));
    }
    members.only("group", "value");
    return switch (group) {
      case "role" -> {
        List<String> roles = members.texts("value");
        yield roles == null ? null : new Words(ContactField.ROLES, false, roles);
      }
      case "subject", "tutor", "teacher" -> {
        List<Scalar> ids = members.scalars("value");
        yield ids == null ? null : new CustomAny(group, ids);
      }
      case "contacts" -> {
        List<Long> ids = members.longs("value");
        yield ids == null ? null : new Whole(ContactField.ID, ids);
      }
      case "external_ids" -> {
        List<String> ids = members.texts("value");
        yield ids == null ? null : new Text(ContactField.EXTERNAL_ID, TextTest.IN, ids);
      }
      default ->
          members.problem(
              "group",
              "is none of everyone, students, teachers, tutors, parents, role, subject, tutor,"
                  + " teacher, contacts, external_ids");
    };
  }

  static @Nullable Filter pipeline(Members members) {
    members.only("pipeline", "stage");
    String pipeline = members.text("pipeline");
    List<String> stages = members.has("stage") ? members.texts("stage") : List.of();
    return pipeline == null || stages == null
        ? null
        : elements("pipelines", "pipeline", pipeline, "stage", stages);
  }

  static @Nullable Filter registered(Members members) {
    members.only("registered", "status");
    String event = members.text("registered");
    List<String> statuses = members.has("status") ? members.texts("status") : List.of();
    if (event == null || statuses == null) {
      return null;
    }
    Filter objects = elements("registrations", "event", event, "status", statuses);
    return statuses.isEmpty()
        ? new Any(List.of(objects, new CustomAny("registrations", List.of(new Scalar.Text(event)))))
        : objects;
  }

  private static Filter elements(
      String field, String member, String value, String further, List<String> choices) {
    if (choices.isEmpty()) {
      return new CustomElement(field, Map.of(member, new Scalar.Text(value)));
    }
    List<Filter> any = new ArrayList<>();
    for (String choice : choices) {
      Map<String, Scalar> members = new LinkedHashMap<>();
      members.put(member, new Scalar.Text(value));
      members.put(further, new Scalar.Text(choice));
      any.add(new CustomElement(field, members));
    }
    return any.size() == 1 ? any.getFirst() : new Any(any);
  }
}
