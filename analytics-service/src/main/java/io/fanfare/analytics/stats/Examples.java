package io.fanfare.analytics.stats;

/** What the operations answer, as their descriptions show it. */
final class Examples {

  static final String STATS_EXAMPLE =
      """
      {
        "broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
        "counts": {"sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0, "skipped": 1,
          "cancelled": 0, "retrying": 180, "fell_back": 0},
        "attempts": {"sent": 9612, "failed": 203, "dead": 4, "retrying": 391, "rate_limited": 57,
          "in_doubt": 0, "returned": 0, "skipped": 1, "cancelled": 0, "fell_back": 0},
        "channels": {
          "email": {"sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0, "skipped": 1,
            "cancelled": 0, "retrying": 180, "fell_back": 0,
            "attempts": {"sent": 9612, "failed": 203, "dead": 4, "retrying": 391,
              "rate_limited": 57, "in_doubt": 0, "returned": 0, "skipped": 1, "cancelled": 0, "fell_back": 0},
            "causes": {"mailbox_unknown": 203, "server_busy": 452, "no_address": 1},
            "variants": {"a": {"sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0,
              "skipped": 1, "cancelled": 0, "retrying": 180, "fell_back": 0}}}
        },
        "minutes": [{"at": "2026-11-23T07:00:00Z", "sent": 9612, "failed": 203, "dead": 4,
          "retrying": 391, "rate_limited": 57, "in_doubt": 0, "returned": 0, "skipped": 1,
          "cancelled": 0, "fell_back": 0}],
        "engagement": {
          "rates": {"open": 0.41, "click": 0.062, "click_to_open": 0.151, "reply": null,
            "bounce": 0.003, "complaint": 0.0, "unsubscribe": 0.001},
          "kinds": {"opened": {"events": 5210, "recipients": 3941, "machine_events": 1207,
            "machine_recipients": 1190}},
          "custom": {"purchase": {"events": 41, "recipients": 38, "value_sum": 1612.5}},
          "buttons": {"yes": {"events": 12, "recipients": 11, "machine_events": 0,
            "machine_recipients": 0}},
          "channels": {}
        },
        "first_at": "2026-11-23T07:00:01.204Z",
        "last_at": "2026-11-23T07:00:31.871Z"
      }
      """;

  static final String STATS_CSV = "channel,variant,sent,failed,dead\r\nemail,a,9612,203,4\r\n";

  static final String SERIES_EXAMPLE =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10", "kind": "clicked", "step": "minute",
       "from": "2026-11-23T07:00:00Z", "to": "2026-11-23T08:00:00Z",
       "points": [{"at": "2026-11-23T07:03:00Z", "events": 41, "recipients": 38,
         "machine_events": 12, "machine_recipients": 4}]}
      """;
  static final String SERIES_CSV =
      "at,events,recipients,machine_events,machine_recipients\r\n2026-11-23T07:03:00Z,41,38,12,4\r\n";

  static final String LINKS_EXAMPLE =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
       "links": [{"channel": "email", "variant": "a", "link": 1,
         "target": "https://example.org/spring", "events": 611, "recipients": 570,
         "machine_events": 92, "machine_recipients": 31, "click_rate": 0.0593}]}
      """;
  static final String LINKS_CSV =
      "channel,variant,link,target,events,recipients,machine_events,machine_recipients,click_rate\r\n"
          + "email,a,1,https://example.org/spring,611,570,92,31,0.0593\r\n";

  static final String BROADCASTS_EXAMPLE =
      """
      {"broadcasts": [{"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
        "started_at": "2026-11-23T07:00:01.204Z", "sent": 9612,
        "recipients": {"opened": 3941, "clicked": 596, "replied": 0, "button": 0, "bounced": 29,
          "complained": 0, "unsubscribed": 10},
        "rates": {"open": 0.41, "click": 0.062, "click_to_open": 0.151, "reply": 0.0,
          "bounce": 0.003, "complaint": 0.0, "unsubscribe": 0.001}}]}
      """;
  static final String BROADCASTS_CSV =
      "broadcast_id,started_at,sent,opened,clicked\r\n"
          + "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10,2026-11-23T07:00:01.204Z,9612,3941,596\r\n";

  static final String COHORTS_EXAMPLE =
      """
      {"kind": "clicked", "cohorts": [{"week": "2026-11-23", "broadcasts": 3, "sent": 20000,
        "days": [{"day": 0, "recipients": 900, "share": 0.045},
          {"day": 1, "recipients": 200, "share": 0.055}]}]}
      """;
  static final String COHORTS_CSV =
      "week,broadcasts,sent,day,recipients,share\r\n2026-11-23,3,20000,0,900,0.045\r\n";

  static final String HEAT_MAP_EXAMPLE =
      """
      {"kind": "opened", "without_zone": 12,
       "hours": [{"weekday": 1, "hour": 9, "events": 412, "machine_events": 80}]}
      """;
  static final String HEAT_MAP_CSV = "weekday,hour,events,machine_events\r\n1,9,412,80\r\n";

  static final String SEGMENTS_EXAMPLE =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
       "segments": [{"segment": 1, "part": "list", "part_id": "018f6b10-41a7-7d3c-9b2e-5f6a7b8c9d0e",
         "sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0, "skipped": 1, "cancelled": 0,
         "retrying": 180, "fell_back": 0,
         "engagement": {
           "rates": {"open": 0.41, "click": 0.062, "click_to_open": 0.151, "reply": 0.0,
             "bounce": 0.003, "complaint": 0.0, "unsubscribe": 0.001},
           "kinds": {"opened": {"events": 5210, "recipients": 3941, "machine_events": 1207,
             "machine_recipients": 1190}},
           "custom": {}, "buttons": {}}}]}
      """;
  static final String SEGMENTS_CSV =
      "segment,part,part_id,sent,failed,dead\r\n"
          + "1,list,018f6b10-41a7-7d3c-9b2e-5f6a7b8c9d0e,9612,203,4\r\n";

  private Examples() {}
}
