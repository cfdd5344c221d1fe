package io.fanfare.audience.csv;

import java.io.IOException;
import java.io.OutputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** A file of any size that is written while it is made. */
@FunctionalInterface
public interface Download {

  /** Writes all of it. */
  void writeTo(OutputStream out) throws IOException;

  /** The answer that is this file, whatever the client says it accepts. */
  static ResponseEntity<Download> answer(String mediaType, String filename, Download file) {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(mediaType))
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + filename + "\"")
        .body(file);
  }
}
