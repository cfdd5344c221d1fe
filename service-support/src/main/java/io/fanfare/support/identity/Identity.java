package io.fanfare.support.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking.
 *
 * @param tenantId whose data may be seen; null for the operator alone
 * @param actor {@code key:<id>}, {@code operator}, {@code system} or {@code contact}, for the audit
 *     log
 * @param role what may be done
 */
public record Identity(@Nullable UUID tenantId, String actor, Role role) {

  private static final String ATTRIBUTE = Identity.class.getName();

  /** The system itself, acting for a tenant. */
  public static Identity system(UUID tenantId) {
    return new Identity(tenantId, "system", Role.ADMIN);
  }

  /** A contact of a tenant, acting for itself. */
  public static Identity contact(UUID tenantId) {
    return new Identity(tenantId, "contact", Role.VIEWER);
  }

  /**
   * The tenant.
   *
   * @throws IllegalStateException for the operator, who belongs to none
   */
  public UUID tenant() {
    if (tenantId == null) {
      throw new IllegalStateException(actor + " belongs to no tenant");
    }
    return tenantId;
  }

  /** Makes an identity the one of a request. */
  public static void bind(HttpServletRequest request, Identity identity) {
    request.setAttribute(ATTRIBUTE, identity);
  }

  /** The identity of a request, if it has one. */
  public static Optional<Identity> of(HttpServletRequest request) {
    return Optional.ofNullable((Identity) request.getAttribute(ATTRIBUTE));
  }
}
