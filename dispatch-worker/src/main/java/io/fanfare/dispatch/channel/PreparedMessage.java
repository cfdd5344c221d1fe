package io.fanfare.dispatch.channel;

import io.fanfare.contract.send.SendMessage;
import java.util.Map;

/**
 * A claimed command with all that is needed to render it.
 *
 * @param command the command; its address is not null here
 * @param content what {@link ChannelSender#compile} made for the command's broadcast, variant and
 *     account
 * @param data what templates see: {@code contact}, {@code broadcast}, {@code vars}, {@code
 *     current_date}, {@code current_time}
 */
public record PreparedMessage(
    SendMessage command, CompiledContent content, Map<String, Object> data) {

  /** The address to send to; commands without one are skipped before they are prepared. */
  public String address() {
    String address = command.address();
    if (address == null) {
      throw new IllegalStateException("prepared without an address");
    }
    return address;
  }
}
