package io.fanfare.dispatch.channel;

/**
 * A content that its channel has made ready for rendering; only that channel looks inside. Used by
 * many threads at once and kept in a bounded cache.
 */
public interface CompiledContent {

  /** Bytes of files it holds, beside its texts: the cache is bounded by them. */
  default int fileBytes() {
    return 0;
  }
}
