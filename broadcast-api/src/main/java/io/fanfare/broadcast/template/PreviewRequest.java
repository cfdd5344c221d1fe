package io.fanfare.broadcast.template;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For whom a template is to be shown. Either a contact, or the fields of one made up; with neither,
 * a sample contact.
 *
 * @param contactId a contact of this tenant
 * @param contact fields of a contact, as the API shows contacts
 * @param variables values for {@code vars}
 */
public record PreviewRequest(
    @Nullable @Schema(example = "42") String contactId,
    @Nullable @Schema(example = "{\"name\": \"Ada\"}") Map<String, Object> contact,
    @Nullable @Schema(example = "{\"price\": 12}") Map<String, Object> variables) {}
