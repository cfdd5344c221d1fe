/** The audit trail every service writes to. */
@NullMarked
package io.fanfare.contract.audit;

import org.jspecify.annotations.NullMarked;
