package io.fanfare.contract.content;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file that goes with every message of a content, as it was when the broadcast started.
 * broadcast-api keeps its bytes until nothing of the broadcast can be sent any more.
 *
 * @param kind how it goes with the message
 * @param mediaId what broadcast-api knows it by
 * @param fileName its name for people
 * @param contentType what it is
 * @param size in bytes
 * @param sha256 of its bytes, in hexadecimal digits: what is sent is what was checked
 * @param contentId of an inline image: what {@code cid:} names it by in the HTML body
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Media(
    Kind kind,
    UUID mediaId,
    String fileName,
    String contentType,
    int size,
    String sha256,
    @Nullable String contentId) {

  /** How a file goes with a message. */
  public enum Kind {
    /** A Telegram photo; the text is its caption. */
    @JsonProperty("photo")
    PHOTO,
    /** A Telegram video; the text is its caption. */
    @JsonProperty("video")
    VIDEO,
    /** A Telegram file; the text is its caption. */
    @JsonProperty("document")
    DOCUMENT,
    /** A file that is attached to an e-mail. */
    @JsonProperty("attachment")
    ATTACHMENT,
    /** An image inside the HTML body of an e-mail. */
    @JsonProperty("inline")
    INLINE
  }
}
