package io.fanfare.audience.category;

import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Categories over REST. */
@RestController
@RequestMapping("/api/v1/categories")
@Tag(name = "Categories", description = "What kinds of messages there are to opt out of")
class CategoryController {

  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";
  private static final String PRINTABLE = "\\P{Cntrl}*";
  private static final String PRINTABLE_LINES = "[\\P{Cntrl}\\r\\n\\t]*";

  private final CategoryEditor editor;
  private final CategoryRepository categories;

  CategoryController(CategoryEditor editor, CategoryRepository categories) {
    this.editor = editor;
    this.categories = categories;
  }

  @PostMapping
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Create a category",
      description =
          "Broadcasts, messages and opt-outs name it by its name. Of a mandatory one, such as"
              + " billing, nobody can opt out alone; who opts out of a channel or of everything gets"
              + " none of it either. 409 `category_exists`, `too_many_categories`.")
  @ApiResponse(responseCode = "201", description = "It is made; the Location says where.")
  @ApiResponse(responseCode = "409", description = "category_exists, too_many_categories")
  ResponseEntity<Category> create(
      @Parameter(hidden = true) Identity who, @Valid @RequestBody NewCategory body) {
    Category category =
        editor.create(
            who,
            body.name(),
            body.title(),
            body.description(),
            Boolean.TRUE.equals(body.mandatory()));
    return ResponseEntity.created(URI.create("/api/v1/categories/" + category.id()))
        .eTag(EntityTag.of(category.version()))
        .body(category);
  }

  @GetMapping
  @Operation(summary = "List the categories", description = "By their titles; there are few.")
  Categories list(
      @Parameter(hidden = true) Identity who,
      @Parameter(description = "Only the one of this name", example = "newsletter")
          @RequestParam(required = false)
          @Nullable String name) {
    return new Categories(
        name == null
            ? categories.all(who.tenant())
            : categories.named(who.tenant(), name).stream().toList());
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get a category", description = "404 `category_not_found`.")
  ResponseEntity<Category> get(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    Category category = editor.find(who, id);
    return ResponseEntity.ok().eTag(EntityTag.of(category.version())).body(category);
  }

  @PatchMapping("/{id}")
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Change a category",
      description =
          "Absent fields stay; an empty description clears it; its name never changes. Opt-outs of"
              + " one that becomes mandatory stand. 412 `version_mismatch` when `If-Match` names"
              + " another version.")
  ResponseEntity<Category> update(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody CategoryPatch body) {
    Category category =
        editor.update(who, id, body.title(), body.description(), body.mandatory(), ifMatch);
    return ResponseEntity.ok().eTag(EntityTag.of(category.version())).body(category);
  }

  @DeleteMapping("/{id}")
  @RequireRole(Role.ADMIN)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete a category",
      description =
          "Broadcasts under way go on as they are. Opt-outs of it stay, and hold again for one that"
              + " is made anew under its name.")
  void delete(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    editor.delete(who, id, ifMatch);
  }

  /** All of them. */
  @Schema(name = "Categories")
  record Categories(List<Category> items) {}

  /** A category to make. */
  @Schema(name = "NewCategory")
  record NewCategory(
      @Schema(example = "newsletter")
          @NotNull(message = "must not be null")
          @Pattern(
              regexp = Category.NAME,
              message = "is 1 to 50 lower-case letters, digits, dashes and underscores")
          String name,
      @Schema(example = "Newsletter")
          @NotBlank(message = "has 1 to 200 characters")
          @Size(max = 200, message = "has 1 to 200 characters")
          @Pattern(regexp = PRINTABLE, message = "has a control character")
          String title,
      @Schema(example = "What is new, once a month")
          @Size(max = 1000, message = "has at most 1000 characters")
          @Pattern(regexp = PRINTABLE_LINES, message = "has a control character")
          @Nullable String description,
      @Schema(example = "false", description = "false when absent") @Nullable Boolean mandatory) {}

  /** What to change of a category. */
  @Schema(name = "CategoryPatch")
  record CategoryPatch(
      @Schema(example = "Our newsletter")
          @Size(min = 1, max = 200, message = "has 1 to 200 characters")
          @Pattern(regexp = "(?=.*\\S)\\P{Cntrl}+", message = "is printable text")
          @Nullable String title,
      @Schema(example = "")
          @Size(max = 1000, message = "has at most 1000 characters")
          @Pattern(regexp = PRINTABLE_LINES, message = "has a control character")
          @Nullable String description,
      @Nullable Boolean mandatory) {}
}
