package io.fanfare.localstack.simulator;

import java.util.Locale;

/** The two providers that are simulated. */
public enum Channel {
  EMAIL,
  TELEGRAM;

  /** As in JSON, queries and the product's own channel names. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for anything but {@code email} and {@code telegram}
   */
  public static Channel of(String label) {
    for (var channel : values()) {
      if (channel.label().equals(label)) {
        return channel;
      }
    }
    throw new IllegalArgumentException("channel is email or telegram, not " + label);
  }
}
