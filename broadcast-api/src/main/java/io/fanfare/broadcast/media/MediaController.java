package io.fanfare.broadcast.media;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/media}. */
@RestController
@RequestMapping("/api/v1/media")
@Tag(
    name = "Media",
    description = "Files that templates send: photos, videos, documents, attachments, images.")
class MediaController {

  private static final String EXAMPLE =
      """
      {"id": "018f0000-0000-7000-8000-000000000071", "file_name": "notice.txt", \
      "content_type": "text/plain", "size": 21, \
      "sha256": "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447", \
      "created_at": "2026-11-23T07:00:00Z", \
      "created_by": "key:018f0000-0000-7000-8000-000000000009"}\
      """;

  private final MediaLibrary library;

  MediaController(MediaLibrary library) {
    this.library = library;
  }

  @PostMapping
  @Operation(
      summary = "Upload a file",
      description =
          "The body is the file, of at most 10,000,000 bytes, its Content-Type what it is: JPEG,"
              + " PNG, GIF, WebP, MP4, PDF, ZIP, Office documents, plain text, CSV, iCalendar. 413"
              + " body_too_large, or media_full when all files of the tenant hold more than 1 GB;"
              + " 422 when the type cannot be sent or the bytes are not of it.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary"),
              examples = @ExampleObject("We meet at ten, not nine.")))
  @ApiResponse(responseCode = "201", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<StoredMedia> upload(
      @Parameter(hidden = true) Identity who,
      @Parameter(description = "Its name for recipients, without a path", example = "notice.txt")
          @RequestParam(name = "file_name", defaultValue = "file")
          String fileName,
      @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.CONTENT_TYPE, required = false)
          @Nullable String contentType,
      @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    StoredMedia media =
        library.upload(
            who, fileName, contentType == null ? "" : contentType, request.getInputStream());
    return ResponseEntity.created(URI.create("/api/v1/media/" + media.id())).body(media);
  }

  @GetMapping
  @Operation(summary = "List uploaded files", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + EXAMPLE + "]}")))
  Page<StoredMedia> list(Identity who, @ParameterObject PageRequest page) {
    return library.page(who.tenant(), page);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get an uploaded file's description", description = "What is known of it.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  StoredMedia get(Identity who, @PathVariable UUID id) {
    return library.get(who.tenant(), id);
  }

  @GetMapping("/{id}/content")
  @Operation(
      summary = "Get an uploaded file",
      description = "Its bytes, to be saved and not shown.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary"),
              examples = @ExampleObject("We meet at ten, not nine.")))
  ResponseEntity<Resource> content(Identity who, @PathVariable UUID id) {
    return answer(library, library.get(who.tenant(), id));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete an uploaded file",
      description =
          "Broadcasts that have started keep it as long as they may send it; none can start with it"
              + " any more.")
  @ApiResponse(responseCode = "204", description = "Nobody sees it any more.")
  void delete(Identity who, @PathVariable UUID id) {
    library.delete(who, id);
  }

  static ResponseEntity<Resource> answer(MediaLibrary library, StoredMedia media) {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(media.contentType()))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename(media.fileName(), StandardCharsets.UTF_8)
                .build()
                .toString())
        .body(library.bytes(media));
  }
}
