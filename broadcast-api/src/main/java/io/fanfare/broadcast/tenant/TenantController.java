package io.fanfare.broadcast.tenant;

import io.fanfare.broadcast.key.CreatedApiKey;
import io.fanfare.broadcast.key.NewApiKey;
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
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/tenants}: for the operator alone, who sees no tenant's data. */
@RestController
@RequestMapping("/api/v1/tenants")
@RequireRole(Role.OPERATOR)
@Tag(name = "Tenants", description = "Tenants and their first keys. Needs the operator's key.")
class TenantController {

  private static final String EXAMPLE =
      """
      {"id": "018f0000-0000-7000-8000-000000000001", "name": "Example School", \
      "rate_per_minute": 6000, "created_at": "2026-11-23T07:00:00Z"}\
      """;
  private static final String KEY_EXAMPLE =
      """
      {"id": "018f0000-0000-7000-8000-000000000009", "name": "First key", "role": "admin", \
      "prefix": "k3v9x0aq", "key": "ff_k3v9x0aq_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"}\
      """;

  private final Tenants tenants;

  TenantController(Tenants tenants) {
    this.tenants = tenants;
  }

  @PostMapping
  @Operation(summary = "Make a tenant", description = "It has no keys yet: make its first next.")
  @ApiResponse(responseCode = "201", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<Tenant> create(Identity operator, @Valid @RequestBody NewTenant wanted) {
    Tenant tenant = tenants.create(operator, wanted);
    return ResponseEntity.created(URI.create("/api/v1/tenants/" + tenant.id())).body(tenant);
  }

  @GetMapping
  @Operation(summary = "List tenants", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + EXAMPLE + "]}")))
  Page<Tenant> list(@ParameterObject PageRequest page) {
    return tenants.page(page);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get a tenant", description = "Its name, its rate and its age.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  Tenant get(@PathVariable UUID id) {
    return tenants.get(id);
  }

  @PatchMapping("/{id}")
  @Operation(
      summary = "Change a tenant",
      description =
          "Its name, and how many messages it may send in any minute over all its broadcasts; what"
              + " is left out stays. A rate that is set while it sends begins with a minute's rest.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  Tenant change(Identity operator, @PathVariable UUID id, @Valid @RequestBody TenantPatch patch) {
    return tenants.change(operator, id, patch);
  }

  @PostMapping("/{id}/api-keys")
  @Operation(
      summary = "Make a key of a tenant",
      description =
          "The first admin key of a tenant; with it, the tenant makes its others. The answer holds"
              + " the key itself, this once.")
  @ApiResponse(responseCode = "201", content = @Content(examples = @ExampleObject(KEY_EXAMPLE)))
  ResponseEntity<CreatedApiKey> createKey(
      Identity operator, @PathVariable UUID id, @Valid @RequestBody NewApiKey wanted) {
    CreatedApiKey created = tenants.createKey(operator, id, wanted);
    return ResponseEntity.created(URI.create("/api/v1/api-keys/" + created.id())).body(created);
  }
}
