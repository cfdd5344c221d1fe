package io.fanfare.audience.segment;

/** Examples of the API's documentation. */
final class SegmentExamples {

  static final String ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";

  static final String FILTER =
      "{\"all\": [{\"group\": \"students\"},"
          + " {\"field\": \"city\", \"op\": \"eq\", \"value\": \"London\"},"
          + " {\"not\": {\"field\": \"tags\", \"op\": \"any\", \"value\": [\"alumni\"]}},"
          + " {\"field\": \"custom.enrolled_on\", \"op\": \"gte\", \"value\": \"-90d\","
          + " \"zone\": \"Europe/London\"}]}";

  private SegmentExamples() {}
}
