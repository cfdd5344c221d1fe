package io.fanfare.audience;

import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.ServiceSupport;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/**
 * Contacts and lists come in over REST, controls, accounts, results and due retries over Kafka;
 * send commands go out, never more than a few seconds of a lane's work ahead.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(ServiceSupport.class)
public class AudienceApplication {

  /** The name of the service: its configuration file, changelog, schema and client id. */
  public static final String SERVICE_NAME = "audience-service";

  public static void main(String[] args) {
    ServiceLauncher.run(AudienceApplication.class, SERVICE_NAME, args);
  }
}
