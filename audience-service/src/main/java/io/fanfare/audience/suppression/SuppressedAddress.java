package io.fanfare.audience.suppression;

import io.fanfare.contract.Channel;
import java.util.Comparator;

/**
 * An address on a channel in the form in which two are the same.
 *
 * @param address an e-mail address in lower case, or the digits of a chat id
 */
record SuppressedAddress(Channel channel, String address) {

  /** In which rows of addresses are written, so that two who write many cannot deadlock. */
  static final Comparator<SuppressedAddress> ORDER =
      Comparator.comparing((SuppressedAddress each) -> each.channel().name())
          .thenComparing(SuppressedAddress::address);
}
