package io.fanfare.dispatch.engagement.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkScannerTest {

  @Test
  void findsTheLinksOfHtmlAndNothingElse() {
    assertThat(
            html(
                """
                <p title="a > b"><A class='x' HREF = "https://a.example/?x=1&amp;y=2" title=">">a</A>
                <a data-href="https://no.example/" href='{{ vars.url | default("x'y") }}'>b</a>
                <!-- <a href="https://comment.example/">c</a> -->
                <style>a { content: "<a href='https://style.example/'>" }</style>
                <link href="https://link.example/"><img src="https://img.example/">
                {% if contact.name == '<a href="https://no.example/">' %}<a
                href="https://{{ contact.custom.city }}.example/">d</a>{% endif %}
                <a href=https://unquoted.example/>e</a> <abbr href="https://no.example/">f</abbr>
                """))
        .containsExactly(
            "https://a.example/?x=1&amp;y=2",
            "{{ vars.url | default(\"x'y\") }}",
            "https://{{ contact.custom.city }}.example/");
  }

  @Test
  void findsTheLinksOfATextWithoutWhatFollowsThem() {
    assertThat(
            text(
                """
                See https://a.example/x?y=1, (http://b.example/p). {{ "https://no.example" }}
                {% if vars.x %}https://c.example/{{ contact.custom.day | upper }}{% endif %}
                xhttps://no.example HTTPS://D.example {{ unsubscribe_link }} https://e.example/{{ vars.q }}.
                """))
        .containsExactly(
            "https://a.example/x?y=1",
            "http://b.example/p",
            "https://c.example/{{ contact.custom.day | upper }}",
            "HTTPS://D.example",
            "https://e.example/{{ vars.q }}");
  }

  @Test
  void whatIsCutOffIsNoLink() {
    assertThat(html("<a href=\"https://a.example/")).isEmpty();
    assertThat(html("<a href=\"{{ x")).isEmpty();
    assertThat(html("<a ")).isEmpty();
    assertThat(html("<")).isEmpty();
    assertThat(text("{")).isEmpty();
  }

  @Test
  void redirectsLeadToHttpAlone() {
    assertThat(LinkPolicy.isTarget("https://a.example/p?q#f")).isTrue();
    assertThat(LinkPolicy.isTarget("https://a.example/ü x")).isTrue();
    assertThat(LinkPolicy.isTarget("mailto:a@example.org")).isFalse();
    assertThat(LinkPolicy.isTarget("javascript:alert(1)")).isFalse();
    assertThat(LinkPolicy.isTarget("//a.example/")).isFalse();
    assertThat(LinkPolicy.isTarget("https:///x")).isFalse();
    assertThat(LinkPolicy.isTarget("https://a.example/\r\nX: y")).isFalse();
    assertThat(LinkPolicy.isTarget("https://a.example/" + "x".repeat(2_000))).isFalse();
  }

  @Test
  void attributesAreReadAsTheyAreMeant() {
    assertThat(LinkPolicy.unescaped("https://a/?x=1&amp;y=&quot;{{ a & b }}&z;&"))
        .isEqualTo("https://a/?x=1&y=\"{{ a & b }}&z;&");
  }

  private static List<String> html(String source) {
    return LinkScanner.inHtml(source).stream()
        .map(place -> source.substring(place.start(), place.end()))
        .toList();
  }

  private static List<String> text(String source) {
    return LinkScanner.inText(source).stream()
        .map(place -> source.substring(place.start(), place.end()))
        .toList();
  }
}
