package io.fanfare.localstack.simulator.mailbox;

import io.fanfare.localstack.simulator.log.AcceptedMessage;
import io.fanfare.localstack.simulator.recipient.Letter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a recipient sees of a message: the same as the mailbox page shows. */
public final class Letters {

  private static final Pattern PIXEL =
      Pattern.compile("(?i)src\\s*=\\s*[\"'](https?://[^\"'\\s]+/t/o/[^\"'\\s]+)");
  private static final String CLICK = "/t/c/";

  private Letters() {}

  public static Letter read(AcceptedMessage message) {
    var view = Views.view(message);
    return switch (message.channel()) {
      case EMAIL -> {
        var html = view.html() == null ? "" : view.html();
        var pixel = PIXEL.matcher(html);
        yield new Letter(
            view.summary().subject(),
            pixel.find() ? pixel.group(1).replace("&amp;", "&") : null,
            tracked(view.links().stream()),
            List.of());
      }
      case TELEGRAM -> {
        var text = view.text();
        yield new Letter(
            text == null ? "" : text,
            null,
            tracked(
                Stream.concat(
                    view.buttons().stream()
                        .flatMap(List::stream)
                        .flatMap(button -> Stream.ofNullable(button.url())),
                    view.links().stream())),
            view.buttons().stream()
                .flatMap(List::stream)
                .flatMap(button -> Stream.ofNullable(button.callbackData()))
                .toList());
      }
    };
  }

  private static List<String> tracked(Stream<String> links) {
    return links.filter(link -> link.contains(CLICK)).distinct().toList();
  }
}
