package io.fanfare.broadcast.message;

/** What makes an event the same one: its CloudEvents source and id. */
record EventKey(String source, String id) {}
