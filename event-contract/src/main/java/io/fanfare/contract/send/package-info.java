/** The commands to send, one per recipient, and the retries whose time has come. */
@NullMarked
package io.fanfare.contract.send;

import org.jspecify.annotations.NullMarked;
