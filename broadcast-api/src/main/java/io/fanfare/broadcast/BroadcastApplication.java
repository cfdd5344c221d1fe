package io.fanfare.broadcast;

import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.ServiceSupport;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The front door: people and programs come in with an API key; tenants, keys, channel accounts,
 * templates, broadcasts and the audit log are answered here, everything else is forwarded to the
 * service that owns it.
 */
@SpringBootApplication
@EnableScheduling
@Import(ServiceSupport.class)
public class BroadcastApplication {

  /** The name of the service: its configuration file, schema, changelog and client id. */
  public static final String SERVICE_NAME = "broadcast-api";

  public static void main(String[] args) {
    ServiceLauncher.run(BroadcastApplication.class, SERVICE_NAME, args);
  }
}
