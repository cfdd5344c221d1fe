package io.fanfare.localstack.runner;

import io.fanfare.localstack.embedded.FreePort;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the stack on one machine is started.
 *
 * @param dataDirectory where everything is kept between starts
 * @param usualPorts take the usual ports where they are free; else any free ones
 * @param extra further properties for every service, such as {@code FANFARE_RETRY_DELAYS}
 */
record StackSettings(Path dataDirectory, boolean usualPorts, Map<String, String> extra) {

  /** A preferred port, or any. */
  int port(int usual) {
    return usualPorts ? FreePort.preferably(usual) : FreePort.choose();
  }
}
