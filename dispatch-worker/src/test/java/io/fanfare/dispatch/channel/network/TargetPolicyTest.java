package io.fanfare.dispatch.channel.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPolicyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::"
      })
  void refusesAddressesThatAreNotOfThePublicInternet(String address) throws Exception {
    assertThat(TargetPolicy.isPublic(InetAddress.getByName(address))).isFalse();
    assertThatThrownBy(() -> new AllowedTargets(false).resolve(address))
        .isInstanceOf(TargetRefused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.32.0.1",
        "172.15.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "192.1.0.1",
        "149.154.167.220",
        "2001:67c:4e8:f004::9",
        "64:ff9b::8.8.8.8",
        "2002:808:808::"
      })
  void letsPublicAddressesPass(String address) throws Exception {
    assertThat(TargetPolicy.isPublic(InetAddress.getByName(address))).isTrue();
    assertThat(new AllowedTargets(false).resolve(address)).hasSize(1);
  }

  @Test
  void letsAllPassWhereThatWasAllowed() throws Exception {
    assertThat(new AllowedTargets(true).resolve("127.0.0.1")).hasSize(1);
  }
}
