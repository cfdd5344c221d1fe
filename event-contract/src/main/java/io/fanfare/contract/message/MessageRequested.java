package io.fanfare.contract.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An internal system wants one message sent: the data of a CloudEvent of type {@code
 * message.requested}. Its {@code ce_source} and {@code ce_id} together name the request, so that
 * the same event twice sends once; {@code ce_tenantid} names the tenant.
 *
 * @param contactId whom to; or
 * @param externalId whom to, by the name the internal system gave the contact
 * @param accountId the channel account it is sent with
 * @param templateId what it says
 * @param templateVersion which version of the template; null: the newest
 * @param variables values for {@code {{ vars.x }}}; null for none
 * @param policy what happens to a send whose outcome nobody can know; null: it is sent again by
 *     itself
 * @param category the category of messages it belongs to, by name; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MessageRequested(
    @Nullable Long contactId,
    @Nullable String externalId,
    UUID accountId,
    UUID templateId,
    @Nullable Long templateVersion,
    @Nullable Map<String, Object> variables,
    @Nullable DeliveryPolicy policy,
    @Nullable String category) {

  /** Of no category. */
  public MessageRequested(
      @Nullable Long contactId,
      @Nullable String externalId,
      UUID accountId,
      UUID templateId,
      @Nullable Long templateVersion,
      @Nullable Map<String, Object> variables,
      @Nullable DeliveryPolicy policy) {
    this(contactId, externalId, accountId, templateId, templateVersion, variables, policy, null);
  }
}
