package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a send whose outcome nobody can know. */
public enum DeliveryPolicy {
  /** It is reported as in doubt and sent again only by hand. */
  @JsonProperty("never-twice")
  NEVER_TWICE,
  /** It is sent again by itself. */
  @JsonProperty("at-least-once")
  AT_LEAST_ONCE
}
