package io.fanfare.audience.contact;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact as it is kept.
 *
 * @param id given by this service, never given again
 * @param version grows by one with every change; the number in the {@code ETag}
 */
@Schema(name = "Contact")
public record Contact(
    @Schema(example = "42") long id,
    @Schema(example = "student-42") @Nullable String externalId,
    @Schema(example = "Ada Lovelace") @Nullable String name,
    @Schema(example = "ada@example.org") @Nullable String email,
    @Schema(example = "+44 20 7946 0123") @Nullable String phone,
    @Schema(example = "123456789") @Nullable Long telegramChatId,
    @Schema(example = "en-GB") @Nullable String language,
    @Schema(example = "Europe/London") @Nullable String timeZone,
    @Schema(example = "GB") @Nullable String country,
    @Schema(example = "London") @Nullable String city,
    @Schema(example = "[\"student\"]") List<String> roles,
    @Schema(example = "[\"beta\"]") List<String> tags,
    @Schema(example = "{\"grade\": 7}") Map<String, Object> custom,
    @Schema(example = "1") long version,
    Instant createdAt,
    Instant updatedAt) {

  ContactFields fields() {
    return new ContactFields(
        externalId,
        name,
        email,
        phone,
        telegramChatId,
        language,
        timeZone,
        country,
        city,
        roles,
        tags,
        custom);
  }
}
