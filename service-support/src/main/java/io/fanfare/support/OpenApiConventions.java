package io.fanfare.support;

import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocAnnotationsUtils;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.method.HandlerMethod;

/**
 * What every service's OpenAPI document has in common, so that a controller says only what is its
 * own: answers have the schema of what the method returns, in JSON, fields are in snake case, and
 * what can go wrong is a problem detail.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConventions {

  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";
  private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
  private static final String ANY = org.springframework.http.MediaType.ALL_VALUE;

  static {
    // Comes from the key, never from the request's text.
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Identity.class);
  }

  /** The schemas the answers refer to; springdoc hands the document's own to no customizer. */
  private final Components answered = new Components();

  @Bean
  OperationCustomizer conventions() {
    return (operation, method) -> {
      if (operation.getParameters() != null) {
        operation.getParameters().forEach(OpenApiConventions::giveExample);
      }
      operation
          .getResponses()
          .forEach((code, response) -> {
            if (code.startsWith("2")) {
              describe(response, method);
            }
          });
      boolean post = method.hasMethodAnnotation(PostMapping.class);
      new OpenApiProblems(operation, post).addTo(operation.getResponses());
      return operation;
    };
  }

  @Bean
  OpenApiCustomizer schemas() {
    return document -> {
      Components components = componentsOf(document);
      if (answered.getSchemas() != null) {
        answered.getSchemas().forEach(components::addSchemas);
      }
      OpenApiProblems.addSchemas(components);
      if (components.getSchemas() != null) {
        components.getSchemas().values().forEach(SnakeCaseSchemas::rename);
      }
    };
  }

  private static Components componentsOf(OpenAPI document) {
    if (document.getComponents() == null) {
      document.setComponents(new Components());
    }
    return document.getComponents();
  }

  /** Shows what an id looks like wherever one is in a path. */
  private static void giveExample(Parameter parameter) {
    if ("path".equals(parameter.getIn())
        && parameter.getExample() == null
        && "uuid".equals(parameter.getSchema().getFormat())) {
      parameter.setExample(EXAMPLE_ID);
    }
  }

  private void describe(ApiResponse response, HandlerMethod method) {
    Type body = bodyOf(method.getReturnType().getGenericParameterType());
    if (body == null) {
      response.setContent(null);
      return;
    }
    Content content = response.getContent() == null ? new Content() : response.getContent();
    MediaType any = content.remove(ANY);
    if (any != null || content.isEmpty()) {
      content.putIfAbsent(JSON, any == null ? new MediaType() : any);
    }
    for (MediaType described : content.values()) {
      if (described.getSchema() == null) {
        described.setSchema(schemaOf(body));
      }
    }
    response.setContent(content);
  }

  private synchronized Schema<?> schemaOf(Type type) {
    return SpringDocAnnotationsUtils.extractSchema(answered, type, null, null, SpecVersion.V31);
  }

  private static @Nullable Type bodyOf(Type returned) {
    Type body =
        returned instanceof ParameterizedType generic
                && generic.getRawType() == ResponseEntity.class
            ? generic.getActualTypeArguments()[0]
            : returned;
    return body == void.class || body == Void.class ? null : body;
  }
}
