package io.fanfare.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPolicyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001::1",
        "2001:db8::1",
        "100::1"
      })
  void refusesWhatIsNotPublic(String address) throws UnknownHostException {
    assertThat(TargetPolicy.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.0.3.1",
        "192.167.0.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "198.51.99.1",
        "203.0.112.1",
        "203.0.114.1",
        "149.154.167.220",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:67c:4e8:f004::9",
        "2a00:1450:4001::1",
        "64:ff9b::101:101",
        "2002:101:101::"
      })
  void allowsThePublicInternet(String address) throws UnknownHostException {
    assertThat(TargetPolicy.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void oneInnerAddressAmongOuterOnesIsEnoughToRefuse() throws UnknownHostException {
    InetAddress outer = InetAddress.getByName("1.1.1.1");
    InetAddress inner = InetAddress.getByName("10.0.0.1");

    assertThat(TargetPolicy.allows(List.of(outer, inner))).isFalse();
    assertThat(TargetPolicy.allows(List.of(outer))).isTrue();
    assertThat(TargetPolicy.allows(List.of())).isFalse();
  }
}
