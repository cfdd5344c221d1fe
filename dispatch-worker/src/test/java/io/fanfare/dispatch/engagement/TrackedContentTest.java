package io.fanfare.dispatch.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.content.MessageContent;
import io.fanfare.template.Escaping;
import io.fanfare.template.TemplateEngine;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The links of a content lead through us, once they are the same for everybody. */
class TrackedContentTest {

  private static final String PIXEL =
      "<img src=\"{{ tracking.open }}\" width=\"1\" height=\"1\" alt=\"\">";

  @Test
  void everyLinkOfAnHtmlBodyIsFollowedAndThePixelStandsAtItsEnd() {
    TrackedContent tracked =
        html(
            """
            <html><body><a href="https://shop.example/a?x=1&amp;y=2">A</a>
            <A class='b' HREF = 'http://shop.example/b'>B</A>
            <a href="https://shop.example/a?x=1&amp;y=2">A again</a></BODY></html>\
            """);
    assertThat(tracked.targets())
        .containsExactly("https://shop.example/a?x=1&y=2", "http://shop.example/b");
    assertThat(((MessageContent.Email) tracked.content()).html())
        .isEqualTo(
            """
            <html><body><a href="{{ tracking.link_1 }}">A</a>
            <A class='b' HREF = "{{ tracking.link_2 }}">B</A>
            <a href="{{ tracking.link_1 }}">A again</a>\
            """
                + PIXEL
                + "</BODY></html>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href=\"mailto:ada@example.org\">write</a>",
        "<a href=\"tel:+4930123\">call</a>",
        "<a href=\"#top\">up</a>",
        "<a href=\"/relative\">here</a>",
        "<a href=\"{{ unsubscribe_link }}\">unsubscribe</a>",
        "<a href=\"https://shop.example/{{ contact.id }}\">yours</a>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"https://shop.example/ä\">not ASCII</a>",
        "<a data-href=\"https://shop.example/\">no link</a>",
        "<!-- <a href=\"https://shop.example/\">not shown</a> -->",
        "{# <a href=\"https://shop.example/\"> #}",
        "<link href=\"https://shop.example/style.css\">",
        "<a href=https://shop.example/>unquoted</a>",
        "<a href=\"https://shop.example/>never closed"
      })
  void whatIsNoLinkForEverybodyStaysAsItIs(String html) {
    TrackedContent tracked = html(html);
    assertThat(tracked.targets()).isEmpty();
    assertThat(((MessageContent.Email) tracked.content()).html()).isEqualTo(html + PIXEL);
  }

  @Test
  void bareLinksOfATextAreFollowedWithoutTheSentenceAroundThem() {
    TrackedContent tracked =
        TrackedContent.of(
            new MessageContent.Email(
                "Look at https://subject.example/",
                null,
                "See https://shop.example/a. (Or http://shop.example/b?c=d,e!)\n"
                    + "{% if vars.url == \"https://other.example/\" %}x{% endif %}\n"
                    + "https://shop.example/{{ contact.id }} ftp://shop.example/"));
    assertThat(tracked.targets())
        .containsExactly("https://shop.example/a", "http://shop.example/b?c=d,e");
    MessageContent.Email email = (MessageContent.Email) tracked.content();
    assertThat(email.subject()).isEqualTo("Look at https://subject.example/");
    assertThat(email.html()).isNull();
    assertThat(email.text())
        .startsWith("See {{ tracking.link_1 }}. (Or {{ tracking.link_2 }}!)\n{% if")
        .endsWith("https://shop.example/{{ contact.id }} ftp://shop.example/");
  }

  @Test
  void theSameTargetIsTheSameLinkInHtmlAndText() {
    TrackedContent tracked =
        TrackedContent.of(
            new MessageContent.Email(
                "Hi", "<a href=\"https://shop.example/\">x</a>", "https://shop.example/"));
    assertThat(tracked.targets()).containsExactly("https://shop.example/");
  }

  @Test
  void buttonsOfTelegramAreFollowedAndItsLinksInHtml() {
    var telegram =
        new MessageContent.Telegram(
            "<a href=\"https://shop.example/text\">here</a> https://bare.example/",
            MessageContent.ParseMode.HTML,
            List.of(
                List.of(
                    new MessageContent.Button("Buy", "https://shop.example/buy"),
                    new MessageContent.Button("Chat", "tg://resolve?domain=shop"))));
    TrackedContent tracked = TrackedContent.of(telegram);
    assertThat(tracked.targets())
        .containsExactly("https://shop.example/text", "https://shop.example/buy");
    MessageContent.Telegram content = (MessageContent.Telegram) tracked.content();
    assertThat(content.text())
        .isEqualTo("<a href=\"{{ tracking.link_1 }}\">here</a> https://bare.example/");
    assertThat(content.buttons().getFirst())
        .containsExactly(
            new MessageContent.Button("Buy", "{{ tracking.link_2 }}"),
            new MessageContent.Button("Chat", "tg://resolve?domain=shop"));
    assertThat(
            TrackedContent.of(
                    new MessageContent.Telegram(
                        "https://bare.example/", MessageContent.ParseMode.PLAIN, List.of()))
                .targets())
        .isEmpty();
  }

  @Test
  void noMoreLinksThanTheBoundAreFollowed() {
    StringBuilder many = new StringBuilder();
    IntStream.rangeClosed(1, TrackedContent.MOST_LINKS + 5)
        .forEach(n -> many.append("<a href=\"https://shop.example/").append(n).append("\">x</a>"));
    TrackedContent tracked = html(many.toString());
    assertThat(tracked.targets()).hasSize(TrackedContent.MOST_LINKS);
    assertThat(((MessageContent.Email) tracked.content()).html())
        .contains("\"https://shop.example/" + (TrackedContent.MOST_LINKS + 1) + "\"");
  }

  /** Also of what nobody means to be HTML, and quickly. */
  @Test
  void whateverIsRewrittenCompilesAsBefore() {
    TemplateEngine engine = new TemplateEngine();
    Stream.of(
            "<a ".repeat(20_000),
            "{{ contact.name }}<a " + "x='y' ".repeat(5_000) + "href=\"https://shop.example/\">",
            "https://".repeat(5_000),
            "<a href=\"https://shop.example/\">{{ contact.name }}</a>")
        .forEach(html -> {
          MessageContent.Email email = (MessageContent.Email) html(html).content();
          assertThat(
                  engine
                      .compile(String.valueOf(email.html()), Escaping.HTML)
                      .render(
                          Map.of(
                              "contact",
                              Map.of("name", "Ada"),
                              "tracking",
                              Map.of("open", "o", "link_1", "l"))))
              .doesNotContain("{{")
              .endsWith("<img src=\"o\" width=\"1\" height=\"1\" alt=\"\">");
        });
  }

  private static TrackedContent html(String html) {
    return TrackedContent.of(new MessageContent.Email("Hi", html, null));
  }
}
