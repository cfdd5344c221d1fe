package io.fanfare.model;

/** Rules left out, to show that the search notices. */
enum Mutation {
  NONE,
  /** A claim is filed under the day on which it is made, not under the broadcast's ledger day. */
  CLAIM_BY_ITS_OWN_DAY,
  /** Commands are published before their hand-over is committed. */
  PUBLISH_BEFORE_HANDOVER,
  /** After a lost answer the claim is inserted again and its own row taken for somebody else's. */
  NO_READ_BACK,
  /** Claims and results do not ask whether their incarnation was ended. */
  NO_EPOCH_CHECK,
  /** A return is told and not recorded. */
  RETURN_WITHOUT_ROW,
  /** A late answer replaces the doubt instead of becoming the next issue. */
  LATE_ANSWER_AS_SAME_ISSUE,
  /** Progress reads what was handed over first and the ledger's counters later. */
  OWN_COUNTERS_FIRST,
  /** A send in doubt goes on to the next channel. */
  FALL_BACK_FROM_DOUBT,
  /** A fall back that is counted is an end, whether or not the next channel has the contact. */
  COMPLETE_BEFORE_FALL_BACK
}
