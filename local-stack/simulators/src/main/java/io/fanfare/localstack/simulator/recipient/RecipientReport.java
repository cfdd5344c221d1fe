package io.fanfare.localstack.simulator.recipient;

import java.util.List;

/**
 * What the recipients did, as they counted it themselves.
 *
 * @param pending messages not read, or read and not acted on yet; 0 when the figures are final
 * @param leftOut messages nobody read because too many waited
 * @param markers by broadcast and rule
 */
public record RecipientReport(long pending, long leftOut, List<Figures> markers) {

  /**
   * The figures of the messages of one broadcast that one rule applies to.
   *
   * @param marker of the broadcast
   * @param rule the rule's text; empty for all others
   * @param delivered messages taken, doubles included
   * @param distinct recipients; each acts once
   * @param opened pixels fetched by people
   * @param clicked links fetched by people
   * @param replied answers on Telegram
   * @param machine requests of scanners
   * @param failed requests that were answered with an error or not at all; not in the counts before
   * @param foreign requests not made because the address is not of this machine
   * @param pressed buttons pressed on Telegram
   */
  public record Figures(
      String marker,
      String rule,
      long delivered,
      long distinct,
      long opened,
      long clicked,
      long replied,
      long machine,
      long failed,
      long foreign,
      long pressed) {}
}
