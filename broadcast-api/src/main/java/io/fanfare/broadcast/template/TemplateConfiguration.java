package io.fanfare.broadcast.template;

import io.fanfare.template.TemplateEngine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The template language, as the workers have it. */
@Configuration(proxyBeanMethods = false)
class TemplateConfiguration {

  @Bean
  TemplateEngine templateEngine() {
    return new TemplateEngine();
  }

  @Bean
  TemplateChecker templateChecker(TemplateEngine engine) {
    return new TemplateChecker(engine);
  }
}
