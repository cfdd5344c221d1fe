package io.fanfare.broadcast.media;

/**
 * A file and where it is named.
 *
 * @param pointer a JSON pointer, for whoever has to mend it
 * @param message which message it goes with: the files of one e-mail are bounded together
 */
public record PlacedSource(String pointer, String message, MediaSource source) {}
