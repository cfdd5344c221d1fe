/** Answers what the ledger knows of recipients, and forgets broadcasts that are over. */
@NullMarked
package io.fanfare.dispatch.recipient;

import org.jspecify.annotations.NullMarked;
