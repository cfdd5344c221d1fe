package io.fanfare.broadcast.template;

import java.time.Instant;
import java.util.UUID;

/**
 * What a template was at one time; never changes.
 *
 * @param createdBy who made this version
 */
public record TemplateVersion(
    UUID templateId,
    long version,
    String name,
    TemplateChannels channels,
    Instant createdAt,
    String createdBy) {}
