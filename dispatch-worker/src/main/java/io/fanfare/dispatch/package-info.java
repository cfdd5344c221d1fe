/** The service that claims, sends and records: the only writer of the delivery ledger. */
@NullMarked
package io.fanfare.dispatch;

import org.jspecify.annotations.NullMarked;
