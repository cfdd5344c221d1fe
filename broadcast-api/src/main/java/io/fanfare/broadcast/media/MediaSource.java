package io.fanfare.broadcast.media;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.content.Media;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file a template sends with its text. It is the same for every recipient, so nothing in it is a
 * template.
 *
 * @param kind {@code photo}, {@code video} or {@code document} on Telegram, {@code attachment} or
 *     {@code inline} by e-mail
 * @param url where it is, https; it is fetched, checked and copied when a broadcast is started or
 *     scheduled
 * @param mediaId in place of the URL: a file that was uploaded
 * @param fileName its name for recipients; by default that of the upload or the end of the URL
 * @param contentId with inline: what {@code cid:} names the image by in the HTML body
 */
@Schema(name = "MediaSource")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MediaSource(
    Media.@Nullable Kind kind,
    @Nullable @Schema(example = "https://example.org/spring.png") String url,
    @Nullable UUID mediaId,
    @Nullable @Schema(example = "spring.png") String fileName,
    @Nullable @Schema(example = "spring") String contentId) {}
