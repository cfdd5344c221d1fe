package io.fanfare.audience.freeze;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fanfare.contract.broadcast.Audience;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Of whom the audience of a broadcast was made.
 *
 * @param parts the lists and segments, the included ones first
 */
@Schema(name = "FrozenAudience")
record AudienceMembers(List<AudienceMembers.Part> parts) {

  /**
   * A list or a segment.
   *
   * @param part its number: from 1 for included ones, which is the segment in analytics; from -1
   *     downwards for excluded ones
   * @param contacts how many were in it at the freeze: all of a segment that is included, and of an
   *     excluded part those that another part includes; absent for included lists, and before the
   *     freeze
   */
  @Schema(name = "FrozenAudiencePart")
  record Part(
      @Schema(example = "1") int part,
      @Schema(type = "string", example = "segment") Audience.Kind kind,
      UUID id,
      @Nullable @Schema(example = "1200") Long contacts) {}

  /** A contact that was in a part, and where the next page goes on. */
  @Schema(name = "AudienceMember")
  record Member(
      @Schema(example = "42") long contactId, @JsonIgnore long row, @JsonIgnore long position) {}
}
