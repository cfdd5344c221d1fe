package io.fanfare.dispatch.engagement.telegram;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Whose turn it is to answer with a bot: one worker's at a time, by the clock of the database. What
 * a worker that died had taken is free again when its time is over.
 */
@Repository
public class AnswerTurns {

  private static final String TAKE =
      """
      insert into bot_answer as a (bot, free_at)
      values (?, clock_timestamp() + ? * interval '1 millisecond')
      on conflict (bot) do update set free_at = excluded.free_at
      where a.free_at <= clock_timestamp()
      """;

  private final JdbcTemplate jdbc;

  public AnswerTurns(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes the turn.
   *
   * @param longest how long it may be kept
   * @return false while it is somebody's
   */
  public boolean take(String bot, Duration longest) {
    return jdbc.update(TAKE, bot, longest.toMillis()) == 1;
  }

  /**
   * Gives the turn back.
   *
   * @param rest from now until the next one
   */
  public void giveBack(String bot, Duration rest) {
    jdbc.update(
        "update bot_answer set free_at = clock_timestamp() + ? * interval '1 millisecond' where bot = ?",
        rest.toMillis(),
        bot);
  }

  /** Forgets bots that answered nobody for some time. */
  public void forgetUnused(Duration since) {
    jdbc.update(
        "delete from bot_answer where free_at < clock_timestamp() - ? * interval '1 millisecond'",
        since.toMillis());
  }
}
