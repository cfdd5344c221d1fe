package io.fanfare.localstack.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class FreePortTest {

  @Test
  void choosesNoPortTwice() {
    List<Integer> ports = Stream.generate(FreePort::choose).limit(500).toList();
    assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 17_000 && port < 32_000);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void choosesBelowThePortsOfOutgoingConnections() throws Exception {
    try (BufferedReader file =
        Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
      int lowestOutgoing = Integer.parseInt(file.readLine().split("\\s+")[0]);
      assertThat(FreePort.choose()).isLessThan(lowestOutgoing);
    }
  }

  @Test
  void takesTheUsualPortUnlessSomebodyHasIt() throws Exception {
    int usual = FreePort.choose();
    assertThat(FreePort.preferably(usual)).isEqualTo(usual);
    try (ServerSocket taken = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.preferably(taken.getLocalPort())).isNotEqualTo(usual);
    }
  }
}
