package io.fanfare.analytics.abtest;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door what a test could find, before anything is frozen. */
@RestController
@Hidden
class TestPowerController {

  /** The same as the results of a test show of it. */
  record TestPower(@Nullable AbTestPower power, List<AbTestWarning> warnings) {}

  /**
   * Keeps nothing.
   *
   * @param sizes the recipients of each variant on the channel of the test
   * @param test written as in a control
   */
  @PostMapping("/internal/v1/ab-tests/power")
  TestPower power(Identity who, @RequestParam List<Long> sizes, @RequestBody byte[] test) {
    AbTest plan = EventCodec.decode(AbTest.class, test);
    AbTestPower power = AbTestPower.of(plan, sizes);
    return new TestPower(power, AbTestWarning.of(plan, sizes, power));
  }
}
