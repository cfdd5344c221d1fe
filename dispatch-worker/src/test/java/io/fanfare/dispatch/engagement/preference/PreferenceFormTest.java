package io.fanfare.dispatch.engagement.preference;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactPreference.Choice;
import io.fanfare.dispatch.engagement.preference.ContactChoices.OfCategory;
import io.fanfare.dispatch.engagement.preference.ContactChoices.OfChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PreferenceFormTest {

  private static final ContactChoices NOW =
      new ContactChoices(
          7,
          false,
          List.of(new OfChannel("email", true)),
          List.of(
              new OfCategory("billing", "Bills", null, true, false),
              new OfCategory("news", "<script>\"News\"</script>", "a & b", false, false),
              new OfCategory("old", "Old", null, true, true)));

  @Test
  void showsWhatIsChosenAndEscapesWhatOthersWrote() {
    String html = PreferenceForm.html(NOW);
    assertThat(html)
        .contains(
            "&lt;script&gt;&quot;News&quot;&lt;/script&gt;",
            "a &amp; b",
            "name=\"category.news\" value=\"receive\" checked",
            "name=\"channel.email\" value=\"stop\" checked",
            "name=\"everything\" value=\"receive\" checked",
            // Of one that became mandatory there is a way back.
            "name=\"category.old\" value=\"stop\" checked")
        .contains("Bills")
        .doesNotContain("category.billing", "<script");
  }

  @Test
  void tellsOnlyWhatWasChanged() {
    Map<String, String> fields = sent(PreferenceForm.html(NOW));
    assertThat(PreferenceForm.read(fields).orElseThrow())
        .isEqualTo(new PreferenceForm.Chosen(7, List.of()));
    fields.put("category.news", "stop");
    fields.put("channel.email", "receive");
    fields.put("everything", "stop");
    assertThat(PreferenceForm.read(fields).orElseThrow().choices())
        .containsExactly(
            new Choice(null, "news", false),
            new Choice(Channel.EMAIL, null, true),
            new Choice(null, null, false));
  }

  @Test
  void takesNothingThatIsNotItsOwn() {
    assertThat(PreferenceForm.read(Map.of())).isEmpty();
    assertThat(PreferenceForm.read(Map.of("seen", "x"))).isEmpty();
    for (String field :
        List.of("category.*", "category.", "channel.*", "channel.fax", "other", "category.A")) {
      assertThat(PreferenceForm.read(Map.of("seen", "1", field, "stop"))).as(field).isEmpty();
    }
    assertThat(PreferenceForm.read(Map.of("seen", "1", "category.news", "maybe"))).isEmpty();
    Map<String, String> many = new HashMap<>(Map.of("seen", "1"));
    for (int i = 0; i < PreferenceForm.MOST_CHOICES; i++) {
      many.put("category.c" + i, "stop");
    }
    assertThat(PreferenceForm.read(many).orElseThrow().choices())
        .hasSize(PreferenceForm.MOST_CHOICES);
    many.put("everything", "stop");
    assertThat(PreferenceForm.read(many)).isEmpty();
  }

  /** What a browser sends when nobody changes anything. */
  static Map<String, String> sent(String html) {
    Map<String, String> fields = new HashMap<>();
    Pattern.compile(
            "<input type=\"(hidden|radio)\" name=\"([^\"]+)\" value=\"([^\"]+)\"( checked)?>")
        .matcher(html)
        .results()
        .filter(input -> input.group(1).equals("hidden") || input.group(4) != null)
        .forEach(input -> fields.put(input.group(2), input.group(3)));
    return fields;
  }
}
