package io.fanfare.contract.engagement;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Sixteen bits of an address that tell, when a bounce comes much later, whether the contact still
 * has the address it is about. They name nobody: any of 65,536 addresses has the same.
 */
public final class AddressCheck {

  private AddressCheck() {}

  /** Of an address, whatever its case; 0 to 65,535. */
  public static int of(String address) {
    byte[] bytes = address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return (int) sum.getValue() & 0xFFFF;
  }
}
