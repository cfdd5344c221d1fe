package io.fanfare.localstack.simulator.recipient;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recipient sees of a message.
 *
 * @param subject of an e-mail, or the text of a Telegram message
 * @param pixel the address of the open pixel, if there is one
 * @param links the tracked links, in their order
 * @param buttons the data of the buttons of a Telegram message that tell of a press, in their order
 */
public record Letter(
    String subject, @Nullable String pixel, List<String> links, List<String> buttons) {}
