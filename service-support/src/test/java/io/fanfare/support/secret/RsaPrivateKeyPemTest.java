package io.fanfare.support.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RsaPrivateKeyPemTest {

  /** What stands before the key of PKCS #1 in a key of PKCS #8 of 2048 bits. */
  private static final int PKCS8_FRAME = 26;

  @Test
  void readsBothFormsOfAKey() throws Exception {
    PrivateKey key = key("RSA", 2048);
    byte[] pkcs8 = key.getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_FRAME, pkcs8.length);

    assertThat(RsaPrivateKeyPem.read(pem("PRIVATE KEY", pkcs8))).isEqualTo(key);
    assertThat(RsaPrivateKeyPem.read(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
    assertThat(RsaPrivateKeyPem.read("\n" + pem("PRIVATE KEY", pkcs8).replace("\n", "\r\n")))
        .isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({"RSA, 1024", "EC, 256"})
  void refusesAKeyOfAnotherKind(String algorithm, int bits) throws Exception {
    String pem = pem("PRIVATE KEY", key(algorithm, bits).getEncoded());

    refuses(pem);
  }

  @Test
  void refusesWhatIsNoKey() throws Exception {
    String pem = pem("PRIVATE KEY", key("RSA", 2048).getEncoded());

    refuses("");
    refuses(pem.replace("PRIVATE", "ENCRYPTED PRIVATE"));
    refuses(pem.replace("PRIVATE", "PUBLIC"));
    refuses(pem("RSA PRIVATE KEY", Base64.getMimeDecoder().decode(pem.substring(28, 1000))));
    refuses(pem.substring(0, 700) + pem.substring(704));
    refuses(pem + pem);
  }

  private static void refuses(String pem) {
    assertThatThrownBy(() -> RsaPrivateKeyPem.read(pem))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .matches("(is|has) [\\w ,-]+");
  }

  private static PrivateKey key(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair().getPrivate();
  }

  private static String pem(String name, byte[] der) {
    return "-----BEGIN "
        + name
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + name
        + "-----\n";
  }
}
