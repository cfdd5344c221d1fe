package io.fanfare.broadcast.broadcast;

/** What broadcasts look like, for the API's description. */
final class BroadcastExamples {

  static final String NEW =
      """
      {"name": "Spring news", "template_id": "018f0000-0000-7000-8000-000000000021", \
      "list_id": "018f0000-0000-7000-8000-000000000031", "channels": [\
      {"channel": "email", "account_id": "018f0000-0000-7000-8000-000000000041"}, \
      {"channel": "telegram", "account_id": "018f0000-0000-7000-8000-000000000042"}], \
      "channel_mode": "fallback", "policy": "never-twice", "variables": {"price": 12}, \
      "rate_per_minute": 600}\
      """;

  static final String TESTED =
      """
      {"name": "Spring news", "template_id": "018f0000-0000-7000-8000-000000000021", \
      "list_id": "018f0000-0000-7000-8000-000000000031", "channels": [\
      {"channel": "email", "account_id": "018f0000-0000-7000-8000-000000000041"}], "ab_test": {\
      "variants": [{"name": "Short subject", "percent": 10, "channels": {"email": \
      {"template_id": "018f0000-0000-7000-8000-000000000021"}}}, {"name": "Long subject", \
      "percent": 10, "channels": {"email": \
      {"template_id": "018f0000-0000-7000-8000-000000000022"}}}], "hold_back_percent": 80, \
      "metric": "click", "duration": "PT4H", "minimum_sample": 1000}}\
      """;

  static final String PATCH = "{\"name\": \"Spring news, second try\"}";

  static final String SCHEDULE = "{\"at\": \"2030-01-01T08:00:00Z\"}";

  static final String CLONE = "{\"name\": \"Summer news\"}";

  static final String VIEW =
      """
      {"id": "018f0000-0000-7000-8000-000000000051", "name": "Spring news", "state": "running", \
      "version": 2, "template_id": "018f0000-0000-7000-8000-000000000021", "template_version": 1, \
      "list_id": "018f0000-0000-7000-8000-000000000031", "channels": [{"channel": "email", \
      "account_id": "018f0000-0000-7000-8000-000000000041"}], "policy": "never-twice", \
      "variables": {"price": 12}, "rate_per_minute": 600, "channel_mode": "all", "planned": 10000, "started_at": "2026-11-23T07:00:00Z", \
      "created_at": "2026-11-23T06:55:00Z", \
      "created_by": "key:018f0000-0000-7000-8000-000000000009", "links": {\
      "self": "/api/v1/broadcasts/018f0000-0000-7000-8000-000000000051", \
      "progress": "/api/v1/broadcasts/018f0000-0000-7000-8000-000000000051/progress"}}\
      """;

  static final String NOT_YET =
      """
      {"id": "018f0000-0000-7000-8000-000000000051", "name": "Spring news", "state": "paused", \
      "reason": {"code": "by_request", "detail": "paused by key:018f0000-0000-7000-8000-000000000009"}, \
      "version": 3, "template_id": "018f0000-0000-7000-8000-000000000021", "template_version": 1, \
      "list_id": "018f0000-0000-7000-8000-000000000031", "channels": [{"channel": "email", \
      "account_id": "018f0000-0000-7000-8000-000000000041"}], "policy": "never-twice", \
      "variables": {"price": 12}, "rate_per_minute": 600, "planned": 10000, "started_at": "2026-11-23T07:00:00Z", \
      "created_at": "2026-11-23T06:55:00Z", \
      "created_by": "key:018f0000-0000-7000-8000-000000000009", "links": {\
      "self": "/api/v1/broadcasts/018f0000-0000-7000-8000-000000000051", \
      "progress": "/api/v1/broadcasts/018f0000-0000-7000-8000-000000000051/progress"}, \
      "not_yet_effective": {"code": "control_not_published", "detail": "ordered and kept; sends go on \
      until the broker takes the order, which it has not yet"}}\
      """;

  static final String LOCAL =
      """
      {"name": "Women's day", "template_id": "018f0000-0000-7000-8000-000000000021", \
      "list_id": "018f0000-0000-7000-8000-000000000031", "channels": [\
      {"channel": "email", "account_id": "018f0000-0000-7000-8000-000000000041"}], \
      "send_time": {"local_time": "2030-03-08T09:00", "past": "skip", "zone": "Europe/Berlin"}}\
      """;

  private static final String EVERY_TIME =
      """
      "schedule": {"cron": "0 9 * * MON", "zone": "Europe/Berlin", "misfire": "fire_once"}, \
      "broadcast": {"name": "Week ahead", "template_id": "018f0000-0000-7000-8000-000000000021", \
      "list_id": "018f0000-0000-7000-8000-000000000031", "channels": [\
      {"channel": "email", "account_id": "018f0000-0000-7000-8000-000000000041"}]}\
      """;

  static final String NEW_RECURRING = "{" + EVERY_TIME + "}";

  static final String RECURRING_PATCH =
      "{\"schedule\": {\"cron\": \"30 8 * * MON-FRI\", \"zone\": \"Asia/Kathmandu\"}}";

  static final String RECURRING =
      "{\"id\": \"018f0000-0000-7000-8000-000000000061\", \"state\": \"active\", \"version\": 1, "
          + EVERY_TIME
          + ", "
          + """
          "next_fires": [{"at": "2026-11-30T08:00:00Z", "local": "2026-11-30T09:00:00+01:00"}], \
          "fired": 3, "missed": 0, "last_fire_at": "2026-11-23T08:00:00Z", \
          "created_at": "2026-11-05T10:00:00Z", \
          "created_by": "key:018f0000-0000-7000-8000-000000000009", "links": {\
          "self": "/api/v1/recurring-broadcasts/018f0000-0000-7000-8000-000000000061", \
          "broadcasts": "/api/v1/recurring-broadcasts/018f0000-0000-7000-8000-000000000061/broadcasts"}}\
          """;

  private BroadcastExamples() {}
}
