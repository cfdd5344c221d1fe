package io.fanfare.broadcast.media;

import io.fanfare.support.identity.Identity;
import java.util.UUID;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /internal/v1/media}: what dispatch-worker sends, copies and deleted files as well. */
@RestController
class WorkerMediaController {

  private final MediaLibrary library;

  WorkerMediaController(MediaLibrary library) {
    this.library = library;
  }

  @GetMapping("/internal/v1/media/{id}/content")
  ResponseEntity<Resource> content(Identity who, @PathVariable UUID id) {
    return MediaController.answer(library, library.getAny(who.tenant(), id));
  }
}
