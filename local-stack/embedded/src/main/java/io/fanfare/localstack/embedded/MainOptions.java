package io.fanfare.localstack.embedded;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Options of a main: {@code --data-dir=…} of the command line, else {@code <PREFIX>_DATA_DIR} of
 * the environment.
 */
record MainOptions(String environmentPrefix, String[] arguments, Map<String, String> environment) {

  Optional<String> value(String name) {
    var flag = "--" + name + "=";
    return Arrays.stream(arguments)
        .filter(argument -> argument.startsWith(flag))
        .map(argument -> argument.substring(flag.length()))
        .reduce((earlier, later) -> later)
        .or(() -> Optional.ofNullable(environment.get(variable(name))));
  }

  Path dataDirectory() {
    return Path.of(
        value("data-dir")
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "Missing --data-dir=<folder> or " + variable("data-dir"))));
  }

  int port() {
    return value("port").map(Integer::parseInt).orElse(0);
  }

  private String variable(String name) {
    return environmentPrefix + "_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
