package io.fanfare.dispatch.channel.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses are public is the table of TargetPolicyTest. */
class AllowedTargetsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "169.254.169.254", "192.0.2.1", "fd12::1", "64:ff9b::10.0.0.1"})
  void refusesAddressesThatAreNotOfThePublicInternet(String address) {
    assertThatThrownBy(() -> new AllowedTargets(false).resolve(address))
        .isInstanceOf(TargetRefused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "2001:67c:4e8:f004::9"})
  void letsPublicAddressesPass(String address) throws Exception {
    assertThat(new AllowedTargets(false).resolve(address)).hasSize(1);
  }

  @Test
  void letsAllPassWhereThatWasAllowed() throws Exception {
    assertThat(new AllowedTargets(true).resolve("127.0.0.1")).hasSize(1);
  }
}
