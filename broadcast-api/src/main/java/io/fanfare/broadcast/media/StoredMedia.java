package io.fanfare.broadcast.media;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fanfare.contract.content.Media;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file that is kept here.
 *
 * @param id which one; {@code media_id} in templates
 * @param fileName its name for recipients, where a template gives it no other
 * @param contentType what it is, found by its bytes
 * @param size in bytes
 * @param sha256 of its bytes, in hexadecimal digits
 * @param createdAt when it came
 * @param createdBy who brought it
 * @param shape how large an image is, where its file tells
 */
@Schema(name = "Media")
public record StoredMedia(
    UUID id,
    @JsonIgnore UUID tenantId,
    @Schema(example = "spring.png") String fileName,
    @Schema(example = "image/png") String contentType,
    @Schema(example = "34512") int size,
    String sha256,
    Instant createdAt,
    String createdBy,
    @JsonUnwrapped @Nullable ImageShape shape) {

  /** As the workers get to know it. */
  Media contract(Media.Kind kind, MediaSource source) {
    return new Media(
        kind,
        id,
        source.fileName() == null ? fileName : source.fileName(),
        contentType,
        size,
        sha256,
        source.contentId());
  }
}
