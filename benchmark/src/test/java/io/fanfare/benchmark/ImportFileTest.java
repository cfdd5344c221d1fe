package io.fanfare.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportFileTest {

  @Test
  void oneRowInAHundredIsBad() throws Exception {
    int rows = 12_345;
    try (ImportFile file = new ImportFile(rows)) {
      List<String> lines =
          new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
      assertThat(lines).hasSize(rows);
      assertThat(lines.stream().filter(line -> line.startsWith("b-")).count())
          .isEqualTo(ImportFile.bad(rows))
          .isEqualTo(IntStream.range(0, rows).filter(ImportFile::isBad).count());
    }
  }

  @Test
  void readsItsOptions() {
    assertThat(ImportOptions.parse(new String[] {"--import"}))
        .isEqualTo(new ImportOptions(1_000_000, "512m", false, false, false));
    assertThat(
            ImportOptions.parse(
                "--import --rows 5 --heap 256m --kill --estimates --json".split(" ")))
        .isEqualTo(new ImportOptions(5, "256m", true, true, true));
    for (String wrong : List.of("--rows 0", "--heap lots", "--rows", "--fast")) {
      assertThatThrownBy(() -> ImportOptions.parse(wrong.split(" ")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
