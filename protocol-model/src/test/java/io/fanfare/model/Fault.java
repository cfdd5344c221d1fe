package io.fanfare.model;

/** What may happen at any step, as often as the search's budget allows. */
enum Fault {
  /** A worker dies; it starts again sooner or later. */
  CRASH,
  /** A worker stands still, such as for a long garbage collection, and wakes up later. */
  STOP,
  /** A transaction commits and its answer is lost; or a publisher dies before it marks. */
  LOST_ANSWER,
  /** A record is delivered once more. */
  REDELIVERY,
  /** The broker forgets a record that it had acknowledged. */
  LOST_RECORD,
  /** The provider does not simply take the message. */
  PROVIDER,
  /** A command waits so long that what it was checked against is too old. */
  STALE,
  /** Somebody pauses the broadcast. */
  PAUSE,
  /** Somebody cancels the broadcast. */
  CANCEL,
  /** Somebody requeues the dead letter. */
  REQUEUE,
  /** Somebody has the message in doubt sent again. */
  RESEND,
  /** The day ends. */
  MIDNIGHT
}
