package io.fanfare.dispatch;

import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.ServiceSupport;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** Starts a dispatch worker; any number of them share the work. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(ServiceSupport.class)
public class DispatchApplication {

  public static void main(String[] args) {
    ServiceLauncher.run(DispatchApplication.class, "dispatch-worker", args);
  }
}
