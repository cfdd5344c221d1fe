package io.fanfare.analytics;

import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.ServiceSupport;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** Delivery events in, exact counts out. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(ServiceSupport.class)
public class AnalyticsApplication {

  /** The name of the service: its configuration, changelog and schema are called so. */
  public static final String NAME = "analytics-service";

  public static void main(String[] args) {
    ServiceLauncher.run(AnalyticsApplication.class, NAME, args);
  }
}
