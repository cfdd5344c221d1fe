package io.fanfare.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A way to reach a contact. A value, not an enum: a further channel is a further name, and touches
 * no core code.
 *
 * @param name lower case, {@code [a-z][a-z0-9_]{0,31}}; it is part of topic names
 */
public record Channel(@JsonValue String name) implements Comparable<Channel> {

  // Before the constants: their constructor checks against it.
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  public static final Channel EMAIL = new Channel("email");
  public static final Channel TELEGRAM = new Channel("telegram");

  /**
   * @throws IllegalArgumentException when the name is not of the stated form
   */
  public Channel {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a channel name: " + name);
    }
  }

  @JsonCreator
  public static Channel of(String name) {
    return switch (name) {
      case "email" -> EMAIL;
      case "telegram" -> TELEGRAM;
      default -> new Channel(name);
    };
  }

  @Override
  public int compareTo(Channel other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
