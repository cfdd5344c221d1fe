package io.fanfare.localstack.simulator.log;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files that bots uploaded, by the ids they got for them: the newest, as many as fit into {@value
 * #BYTES_KEPT} bytes.
 */
public final class KeptFiles {

  static final long BYTES_KEPT = 64L << 20;

  /**
   * A file.
   *
   * @param type as its first bytes have it, of those a page may show; else a type it may not
   */
  public record KeptFile(String id, String name, String type, byte[] bytes) {}

  private final Map<String, KeptFile> files = new LinkedHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private long bytesKept;

  /** Keeps a file. */
  public synchronized KeptFile keep(String name, byte[] bytes) {
    var file = new KeptFile("simulated-file-" + ids.incrementAndGet(), name, typeOf(bytes), bytes);
    files.put(file.id(), file);
    bytesKept += bytes.length;
    var oldest = files.values().iterator();
    while (bytesKept > BYTES_KEPT && files.size() > 1) {
      bytesKept -= oldest.next().bytes().length;
      oldest.remove();
    }
    return file;
  }

  /** The file of an id, if it is still kept. */
  public synchronized Optional<KeptFile> find(String id) {
    return Optional.ofNullable(files.get(id));
  }

  private static String typeOf(byte[] bytes) {
    var head = new String(bytes, 0, Math.min(16, bytes.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG")) {
      return "image/png";
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (head.toLowerCase(Locale.ROOT).startsWith("gif8")) {
      return "image/gif";
    }
    if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
      return "image/webp";
    }
    return "application/octet-stream";
  }
}
