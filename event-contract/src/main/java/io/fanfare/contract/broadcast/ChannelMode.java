package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a broadcast uses several channels. */
public enum ChannelMode {
  /** On all of them at once: every channel of a contact is a recipient of its own. */
  @JsonProperty("all")
  ALL,
  /**
   * On the first one, in their order, on which the contact can be reached; on the next one when
   * that fails for good.
   */
  @JsonProperty("fallback")
  FALLBACK
}
