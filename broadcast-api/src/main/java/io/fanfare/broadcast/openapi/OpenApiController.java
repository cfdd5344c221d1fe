package io.fanfare.broadcast.openapi;

import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the document of the whole API, all services together, as it is checked in. */
@Hidden
@RestController
class OpenApiController {

  private final Resource document = new ClassPathResource("openapi/openapi.json");

  @GetMapping("/openapi.json")
  ResponseEntity<Resource> document() {
    if (!document.exists()) {
      throw ProblemException.notFound("document", "openapi.json");
    }
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
  }
}
