package io.fanfare.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.support.secret.SecretBox;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

  private static final String OLD = "k1:" + key((byte) 1);
  private static final String NEW = "k2:" + key((byte) 2);

  @Test
  void opensWhatItSealedAndNeverSealsTwiceAlike() {
    SecretBox box = new SecretBox(OLD);
    String sealed = box.seal("sesame");
    assertThat(box.open(sealed)).isEqualTo("sesame");
    assertThat(sealed).doesNotContain("sesame");
    assertThat(box.seal("sesame")).isNotEqualTo(sealed);
  }

  @Test
  void opensWithEveryKeyAndSealsWithTheFirst() {
    String sealedBefore = new SecretBox(OLD).seal("sesame");
    SecretBox rotated = new SecretBox(NEW + "," + OLD);
    assertThat(rotated.open(sealedBefore)).isEqualTo("sesame");
    assertThat(rotated.seal("x")).startsWith("k2:");
  }

  @Test
  void givesEveryPurposeAKeyOfItsOwnNewestFirst() {
    var keys = new SecretBox(NEW + "," + OLD).derive("a");
    assertThat(keys).hasSize(2).doesNotHaveDuplicates();
    assertThat(new SecretBox(OLD).derive("a")).containsExactly(keys.get(1));
    assertThat(new SecretBox(OLD).derive("b")).doesNotContain(keys.get(1));
  }

  @Test
  void refusesWhatWasChangedOrSealedElsewhere() {
    SecretBox box = new SecretBox(OLD);
    String sealed = box.seal("sesame");
    char last = sealed.charAt(sealed.length() - 4);
    String changed =
        sealed.substring(0, sealed.length() - 4)
            + (last == 'A' ? 'B' : 'A')
            + sealed.substring(sealed.length() - 3);
    assertThatThrownBy(() -> box.open(changed)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> box.open(new SecretBox(NEW).seal("x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> box.open("k1:")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesKeysOfTheWrongFormWithoutRepeatingThem() {
    assertThatThrownBy(() -> new SecretBox("k1:c2hvcnQ="))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("c2hvcnQ");
    assertThatThrownBy(() -> new SecretBox("")).isInstanceOf(IllegalArgumentException.class);
  }

  private static String key(byte fill) {
    byte[] key = new byte[32];
    java.util.Arrays.fill(key, fill);
    return Base64.getEncoder().encodeToString(key);
  }
}
