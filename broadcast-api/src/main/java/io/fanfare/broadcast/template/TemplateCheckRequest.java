package io.fanfare.broadcast.template;

import jakarta.validation.constraints.NotNull;

/**
 * A template to be checked; a name may be there and is not looked at.
 *
 * @param channels what it says, by channel
 */
public record TemplateCheckRequest(@NotNull TemplateChannels channels) {}
