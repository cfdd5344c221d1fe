package io.fanfare.broadcast.template;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/**
 * A template as it stands now.
 *
 * @param id which one
 * @param name for people
 * @param version grows by one with every change; also the ETag
 * @param channels what it says
 * @param createdAt when it was made
 * @param updatedAt when it was last changed
 */
public record MessageTemplate(
    UUID id,
    @JsonIgnore UUID tenantId,
    String name,
    long version,
    TemplateChannels channels,
    Instant createdAt,
    Instant updatedAt) {}
