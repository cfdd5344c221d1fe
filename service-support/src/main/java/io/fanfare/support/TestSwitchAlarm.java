package io.fanfare.support;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Says loudly that a switch is set which breaks a guarantee for a test: in production it could only
 * be there by mistake.
 */
@Component
class TestSwitchAlarm implements EnvironmentAware {

  private static final Logger log = LoggerFactory.getLogger(TestSwitchAlarm.class);
  private static final String PREFIX = "fanfare.test";

  @Override
  public void setEnvironment(Environment environment) {
    SortedSet<String> set = switchesIn(environment);
    if (!set.isEmpty()) {
      log.error(
          "switches for tests alone are set, GUARANTEES ARE BROKEN: {} (properties {}.*, variables"
              + " FANFARE_TEST_*)",
          set,
          PREFIX);
    }
  }

  /** The switches set, wherever from, but for those that say "off". */
  static SortedSet<String> switchesIn(Environment environment) {
    SortedSet<String> set = new TreeSet<>();
    Binder.get(environment)
        .bind(PREFIX, Bindable.mapOf(String.class, String.class))
        .orElse(Map.of())
        .forEach((name, value) -> {
          if (!value.equals("0") && !value.equals("false")) {
            set.add(name);
          }
        });
    return set;
  }
}
