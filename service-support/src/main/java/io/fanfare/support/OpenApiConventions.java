package io.fanfare.support;

import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.models.parameters.Parameter;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What every service's OpenAPI document has in common. */
@Configuration(proxyBeanMethods = false)
class OpenApiConventions {

  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";

  static {
    // Comes from the key, never from the request's text.
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Identity.class);
  }

  /** Shows what an id looks like wherever one is in a path. */
  @Bean
  OperationCustomizer exampleIds() {
    return (operation, method) -> {
      if (operation.getParameters() != null) {
        operation.getParameters().forEach(OpenApiConventions::giveExample);
      }
      return operation;
    };
  }

  private static void giveExample(Parameter parameter) {
    if ("path".equals(parameter.getIn())
        && parameter.getExample() == null
        && "uuid".equals(parameter.getSchema().getFormat())) {
      parameter.setExample(EXAMPLE_ID);
    }
  }
}
