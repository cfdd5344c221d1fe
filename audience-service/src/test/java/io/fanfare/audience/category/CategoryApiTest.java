package io.fanfare.audience.category;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.Scenario;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class CategoryApiTest {

  private static final String CATEGORIES = "/api/v1/categories";

  private final AudienceService audience;
  private final Scenario scenario;
  private final UUID tenant;

  CategoryApiTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.tenant = scenario.tenant();
  }

  @Test
  void makesFindsChangesAndDeletes() {
    Answer made =
        create("{\"name\": \"news\", \"title\": \" Newsletter \", \"description\": \"Monthly\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.etag()).isEqualTo("\"1\"");
    JsonNode category = made.body();
    assertThat(category.path("title").asString()).isEqualTo("Newsletter");
    assertThat(category.path("mandatory").asBoolean()).isFalse();
    assertThat(audience.get(tenant, made.location()).body()).isEqualTo(category);
    assertThat(create("{\"name\": \"news\", \"title\": \"Again\"}").code())
        .isEqualTo("category_exists");
    create("{\"name\": \"billing\", \"title\": \"Bills\", \"mandatory\": true}");
    JsonNode all = audience.get(tenant, CATEGORIES).body().path("items");
    assertThat(all.valueStream().map(item -> item.path("name").asString()))
        .containsExactly("billing", "news");
    assertThat(audience.get(tenant, CATEGORIES + "?name=news").body().path("items")).hasSize(1);
    assertThat(audience.get(tenant, CATEGORIES + "?name=none").body().path("items")).isEmpty();
    Answer changed = ask("PATCH", made.location(), "{\"title\": \"News\", \"description\": \"\"}");
    assertThat(changed.body().path("title").asString()).isEqualTo("News");
    assertThat(changed.body().has("description")).isFalse();
    assertThat(changed.body().path("version").asLong()).isEqualTo(2);
    Answer late =
        audience.request(
            AudienceService.identity(tenant, Role.ADMIN),
            "DELETE",
            made.location(),
            null,
            Map.of("If-Match", "\"1\""));
    assertThat(late.code()).isEqualTo("version_mismatch");
    assertThat(ask("DELETE", made.location(), null).status()).isEqualTo(204);
    assertThat(audience.get(tenant, made.location()).code()).isEqualTo("category_not_found");
  }

  @Test
  void namesWhatIsWrongAndTellsNoOtherTenant() {
    for (String name : new String[] {"", "News", "-a", "a b", "x".repeat(51)}) {
      assertThat(create("{\"name\": \"%s\", \"title\": \"T\"}".formatted(name)).pointer(0))
          .as(name)
          .isEqualTo("/name");
    }
    assertThat(create("{\"name\": \"n\"}").pointer(0)).isEqualTo("/title");
    String path = create("{\"name\": \"news\", \"title\": \"N\"}").location();
    UUID stranger = Ids.next();
    assertThat(audience.get(stranger, path).status()).isEqualTo(404);
    assertThat(audience.get(stranger, CATEGORIES).body().path("items")).isEmpty();
    for (String method : new String[] {"PATCH", "DELETE"}) {
      assertThat(
              audience
                  .request(
                      AudienceService.identity(stranger, Role.ADMIN), method, path, "{}", Map.of())
                  .status())
          .isEqualTo(404);
    }
    assertThat(
            audience
                .request(
                    AudienceService.identity(tenant, Role.EDITOR), "DELETE", path, null, Map.of())
                .status())
        .isEqualTo(403);
  }

  @Test
  void aTenantHasThirty() {
    scenario.categories(
        false, IntStream.range(0, 29).mapToObj(i -> "c" + i).toArray(String[]::new));
    assertThat(create("{\"name\": \"last\", \"title\": \"L\"}").status()).isEqualTo(201);
    assertThat(create("{\"name\": \"more\", \"title\": \"M\"}").code())
        .isEqualTo("too_many_categories");
  }

  private Answer create(String body) {
    return ask("POST", CATEGORIES, body);
  }

  private Answer ask(String method, String path, String body) {
    return audience.request(
        AudienceService.identity(tenant, Role.ADMIN), method, path, body, Map.of());
  }
}
