package io.fanfare.broadcast.key;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/api-keys}: the keys of the tenant that asks. */
@RestController
@RequestMapping("/api/v1/api-keys")
@RequireRole(Role.ADMIN)
@Tag(name = "API keys", description = "Who may use this API, and what for. Needs the role admin.")
class ApiKeyController {

  private static final String EXAMPLE =
      """
      {"id": "018f0000-0000-7000-8000-000000000009", "name": "Newsletter backend", \
      "role": "sender", "prefix": "k3v9x0aq", "created_at": "2026-11-23T07:00:00Z", \
      "created_by": "operator", "last_used_at": "2026-11-23T07:05:00Z"}\
      """;
  private static final String CREATED_EXAMPLE =
      """
      {"id": "018f0000-0000-7000-8000-000000000009", "name": "Newsletter backend", \
      "role": "sender", "prefix": "k3v9x0aq", \
      "key": "ff_k3v9x0aq_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"}\
      """;

  private final ApiKeys keys;

  ApiKeyController(ApiKeys keys) {
    this.keys = keys;
  }

  @PostMapping
  @Operation(
      summary = "Make a key",
      description = "The answer holds the key itself, this once. Keep it: only its hash is stored.")
  @ApiResponse(responseCode = "201", content = @Content(examples = @ExampleObject(CREATED_EXAMPLE)))
  ResponseEntity<CreatedApiKey> create(Identity who, @Valid @RequestBody NewApiKey wanted) {
    CreatedApiKey created = keys.create(who, wanted);
    return ResponseEntity.created(URI.create("/api/v1/api-keys/" + created.id())).body(created);
  }

  @GetMapping
  @Operation(
      summary = "List keys",
      description = "Newest first, revoked and expired ones as well. Never the keys themselves.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + EXAMPLE + "]}")))
  Page<ApiKey> list(Identity who, @ParameterObject PageRequest page) {
    return keys.page(who.tenant(), page);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get a key", description = "What is known of it; never the key itself.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ApiKey get(Identity who, @PathVariable UUID id) {
    return keys.get(who.tenant(), id);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Revoke a key",
      description = "For good. It stops opening within ten seconds, wherever it is used.")
  @ApiResponse(responseCode = "204", description = "It is revoked.")
  void revoke(Identity who, @PathVariable UUID id) {
    keys.revoke(who, id);
  }
}
