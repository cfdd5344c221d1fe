package io.fanfare.audience.segment;

import java.util.List;

/**
 * How many contacts a filter matches.
 *
 * @param contacts all of them
 * @param byEmail those with an e-mail address that have not opted out of e-mail
 * @param byTelegram those with a chat id that have not opted out of Telegram
 * @param sample ids of some of them
 */
record SegmentCounts(long contacts, long byEmail, long byTelegram, List<Long> sample) {}
