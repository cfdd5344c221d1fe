package io.fanfare.analytics.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.stats.Doings.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoingsTest {

  @Test
  void addsChannelsAndVariantsUpAndKeepsMachinesApart() {
    var doings =
        Doings.of(
            List.of(
                row("a", "opened", false, 5, 3),
                row("b", "opened", false, 4, 2),
                row("b", "opened", true, 9, 1)));
    assertThat(doings.done("opened")).isEqualTo(new Doings.Done(9, 5, 9, 1));
    assertThat(doings.done("clicked")).isEqualTo(Doings.Done.NOTHING);
    assertThat(Rates.of(doings, 10).open()).isEqualTo(0.5);
    assertThat(Rates.of(doings, 10).clickToOpen()).isEqualTo(0.0);
    assertThat(Rates.of(doings, 0).open()).isNull();
  }

  @Test
  void bouncesCountWhoeverNoticedThem() {
    var doings =
        Doings.of(List.of(row("a", "bounced", false, 1, 1), row("a", "bounced", true, 2, 2)));
    assertThat(Rates.of(doings, 30).bounce()).isEqualTo(0.1);
  }

  @Test
  void showsTheMostFrequentCustomEvents() {
    var rows = new ArrayList<Row>();
    for (int n = 0; n < Doings.MAX_NAMES + 20; n++) {
      rows.add(new Row("email", "a", "custom", "e" + n, false, n, 1, BigDecimal.ONE));
    }
    var custom = Doings.of(rows).custom();
    assertThat(custom).hasSize(Doings.MAX_NAMES).doesNotContainKey("e19").containsKey("e20");
  }

  @Test
  void tellsButtonsApartBesideThePressesOfAnyOfThem() {
    var doings =
        Doings.of(
            List.of(
                pressed("a", "", 7, 5),
                pressed("a", "yes", 4, 3),
                pressed("a", "no", 3, 3),
                pressed("b", "", 1, 1),
                pressed("b", "yes", 1, 1)));
    assertThat(doings.done("button")).isEqualTo(new Doings.Done(8, 6, 0, 0));
    assertThat(doings.buttons())
        .containsExactly(
            Map.entry("no", new Doings.Done(3, 3, 0, 0)),
            Map.entry("yes", new Doings.Done(5, 4, 0, 0)));
    assertThat(Doings.of(List.of(row("a", "opened", false, 1, 1))).buttons()).isEmpty();
  }

  private static Row pressed(String variant, String name, long events, long recipients) {
    return new Row("telegram", variant, "button", name, false, events, recipients, BigDecimal.ZERO);
  }

  private static Row row(
      String variant, String kind, boolean machine, long events, long recipients) {
    return new Row("email", variant, kind, "", machine, events, recipients, BigDecimal.ZERO);
  }
}
