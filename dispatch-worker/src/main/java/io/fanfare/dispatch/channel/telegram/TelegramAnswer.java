package io.fanfare.dispatch.channel.telegram;

import org.jspecify.annotations.Nullable;

/**
 * What the Bot API answered when it did not take a message.
 *
 * @param httpStatus the status of the HTTP answer
 * @param errorCode the {@code error_code} of the body; 0 when the body could not be read
 * @param description the {@code description} of the body
 * @param retryAfterSeconds the {@code parameters.retry_after} of the body
 */
record TelegramAnswer(
    int httpStatus, int errorCode, String description, @Nullable Integer retryAfterSeconds) {

  /** The code to judge by: the body's, else that of HTTP. */
  int code() {
    return errorCode == 0 ? httpStatus : errorCode;
  }
}
