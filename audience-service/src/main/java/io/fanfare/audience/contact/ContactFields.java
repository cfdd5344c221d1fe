package io.fanfare.audience.contact;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a contact, as people and programs write it; checked by {@link ContactReader}.
 */
@Schema(name = "ContactFields", description = "A contact as written. Unknown fields are refused.")
record ContactFields(
    @Schema(
            description = "The tenant's own id, unique per tenant, at most 200 characters",
            example = "student-42")
        @Nullable String externalId,
    @Schema(description = "At most 200 characters", example = "Ada Lovelace") @Nullable String name,
    @Schema(
            description = "One address: ASCII, no blanks, at most 254 characters",
            example = "ada@example.org")
        @Nullable String email,
    @Schema(description = "Digits, blanks, + ( ) . and -, at most 32", example = "+44 20 7946 0123")
        @Nullable String phone,
    @Schema(description = "Chat id of the Bot API; not 0", example = "123456789")
        @Nullable Long telegramChatId,
    @Schema(description = "BCP 47 language tag", example = "en-GB") @Nullable String language,
    @Schema(description = "IANA time zone", example = "Europe/London") @Nullable String timeZone,
    @Schema(description = "ISO 3166-1 alpha-2, upper case", example = "GB")
        @Nullable String country,
    @Schema(description = "At most 100 characters", example = "London") @Nullable String city,
    @Schema(description = "At most 50 of at most 64 characters", example = "[\"student\"]")
        List<String> roles,
    @Schema(description = "At most 100 of at most 64 characters", example = "[\"beta\"]")
        List<String> tags,
    @Schema(
            description = "Free typed fields: at most 100 and 8,192 bytes of JSON in all",
            example = "{\"grade\": 7, \"subjects\": [\"maths\"]}")
        Map<String, Object> custom) {}
