package io.fanfare.broadcast.message;

/** What messages look like, for the API's description. */
final class MessageExamples {

  static final String NEW =
      """
      {"external_id": "student-42", "account_id": "018f0000-0000-7000-8000-000000000041", \
      "template_id": "018f0000-0000-7000-8000-000000000021", "variables": {"code": "4711"}}\
      """;

  static final String VIEW =
      """
      {"id": "018f0000-0000-7000-8000-000000000061", "state": "failed", "cause": {\
      "code": "mailbox_unknown", "detail": "550 5.1.1 no such user", "provider_code": "5.1.1"}, \
      "attempt": 1, "changed_at": "2026-11-23T07:00:01Z", "contact_id": 42, \
      "external_id": "student-42", "channel": "email", \
      "account_id": "018f0000-0000-7000-8000-000000000041", \
      "template_id": "018f0000-0000-7000-8000-000000000021", "template_version": 1, \
      "policy": "at-least-once", "broadcast_id": "018f0000-0000-7000-8000-000000000071", \
      "created_at": "2026-11-23T07:00:00Z", \
      "created_by": "key:018f0000-0000-7000-8000-000000000009", "links": {\
      "self": "/api/v1/messages/018f0000-0000-7000-8000-000000000061"}}\
      """;

  private MessageExamples() {}
}
