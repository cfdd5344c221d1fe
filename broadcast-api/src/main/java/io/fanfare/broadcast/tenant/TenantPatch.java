package io.fanfare.broadcast.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a tenant; what is left out stays.
 *
 * @param name its name, for people, 1 to 200 characters
 * @param ratePerMinute at most so many messages in any minute, over all its broadcasts; 0: as many
 *     as the channels take
 */
public record TenantPatch(
    @Nullable
        @Size(min = 1, max = 200)
        @Pattern(regexp = ".*\\S.*", message = "must not be blank")
        @Schema(example = "Example School")
        String name,
    @Nullable @Min(0) @Max(Tenant.MAX_RATE) @Schema(example = "6000") Integer ratePerMinute) {}
