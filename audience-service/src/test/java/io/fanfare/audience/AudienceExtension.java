package io.fanfare.audience;

import io.fanfare.localstack.testing.TestInfrastructure;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one audience-service that all test classes share; each test has its own tenant.
 * It runs with the settings a class asks for, else with the usual ones, however the class before
 * left it.
 */
public final class AudienceExtension implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == AudienceService.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    AudienceService service =
        TestInfrastructure.shared(AudienceService.class, AudienceService::new);
    service.runFor(context.getRequiredTestClass(), settings(context.getRequiredTestClass()));
    return service;
  }

  private static Map<String, Object> settings(Class<?> testClass) {
    Settings asked = testClass.getAnnotation(Settings.class);
    if (asked == null) {
      return Map.of();
    }
    Map<String, Object> settings = new HashMap<>();
    for (String setting : asked.value()) {
      String[] parts = setting.split("=", 2);
      settings.put(parts[0], parts[1]);
    }
    return settings;
  }

  /** Settings a test class needs the service to run with, each {@code name=value}. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  public @interface Settings {
    String[] value();
  }
}
