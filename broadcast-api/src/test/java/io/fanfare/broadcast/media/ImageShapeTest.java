package io.fanfare.broadcast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageShapeTest {

  @ParameterizedTest
  @CsvSource({
    "image/gif, 474946383961 2003 5802, 800, 600",
    "image/jpeg, ffd8 ffe00004 0000 ffc4 0003 00 ffc2 0011 08 0258 0320 03 0000, 800, 600",
    "image/webp, 52494646 00000000 57454250 56503858 0a000000 00000000 1f0300 570200, 800, 600",
    "image/webp, 52494646 00000000 57454250 56503820 00000000 000000 9d012a 2003 5802, 800, 600",
    "image/webp, 52494646 00000000 57454250 5650384c 00000000 2f 1fc39500 0000000000, 800, 600",
  })
  void readsHowLargeAnImageIs(String type, String head, int width, int height) {
    assertThat(ImageShape.of(type, bytes(head))).contains(new ImageShape(width, height));
  }

  @Test
  void readsThatOfAPng() {
    assertThat(ImageShape.of("image/png", MediaHost.PNG)).contains(new ImageShape(1, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "image/png, 89504e47",
    "image/gif, 47494638396100000000",
    "image/jpeg, ffd8 ffe0ffff",
    "image/jpeg, ffd8 0000 0000 0000 0000 0000 0000",
    "application/pdf, 255044462d",
  })
  void saysNothingWhereTheFileDoesNot(String type, String head) {
    assertThat(ImageShape.of(type, bytes(head))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "5000, 5000, true",
    "5001, 5000, false",
    "20, 1, true",
    "21, 1, false",
    "2147483647, 2147483647, false"
  })
  void knowsWhatTelegramTakesAsAPhoto(int width, int height, boolean taken) {
    assertThat(new ImageShape(width, height).refusalAsPhoto() == null).isEqualTo(taken);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
