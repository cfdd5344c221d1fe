package io.fanfare.contract.account;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many messages a second the recipients of a mail domain take of an e-mail account, all its
 * shards together. In the account's settings it is the text of {@value #SETTING}: {@code
 * gmail.com=20} and the like, separated by blanks.
 *
 * @param perSecond messages a second by domain in lower case; {@value #OTHERS} for every other one
 */
public record DomainLimits(Map<String, Integer> perSecond) {

  /** The name of the setting. */
  public static final String SETTING = "domain_limits";

  /** Stands for every domain that is not named, each counted by itself. */
  public static final String OTHERS = "*";

  public DomainLimits {
    perSecond = Map.copyOf(perSecond);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException when the text is none of {@link #toText}
   */
  public static DomainLimits parse(String text) {
    Map<String, Integer> limits = new TreeMap<>();
    for (String limit : text.strip().split("\\s+")) {
      int at = limit.lastIndexOf('=');
      if (at > 0) {
        limits.put(limit.substring(0, at), Integer.valueOf(limit.substring(at + 1)));
      } else if (!limit.isEmpty()) {
        throw new IllegalArgumentException("no domain limit: " + limit);
      }
    }
    return new DomainLimits(limits);
  }

  /** As it stands in an account's settings, in the order of the domains. */
  public String toText() {
    return new TreeMap<>(perSecond)
        .entrySet().stream()
            .map(limit -> limit.getKey() + "=" + limit.getValue())
            .collect(Collectors.joining(" "));
  }

  /** Messages a second for a domain; null for no limit. */
  public @Nullable Integer of(String domain) {
    Integer own = perSecond.get(domain);
    return own == null ? perSecond.get(OTHERS) : own;
  }

  /** The domain of an address, in lower case; empty when it has none. */
  public static String domainOf(String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    String bare = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    return address.indexOf('@') < 0 ? "" : bare;
  }
}
