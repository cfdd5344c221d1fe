package io.fanfare.retry;

import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.ServiceSupport;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** Results that may pass come in, retries go out when they are due; what was given up is kept. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(ServiceSupport.class)
public class RetryApplication {

  /** The name of the service: its configuration, changelog and schema are called so. */
  public static final String NAME = "retry-service";

  public static void main(String[] args) {
    ServiceLauncher.run(RetryApplication.class, NAME, args);
  }
}
