package io.fanfare.broadcast.template;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * A template to be made, or what one becomes.
 *
 * @param name for people, 1 to 200 characters
 * @param channels what it says, by channel
 */
public record TemplateInput(
    @NotBlank @Size(max = 200) @Schema(example = "Spring news") String name,
    @NotNull TemplateChannels channels) {}
