/** What the operator allows a tenant. */
@NullMarked
package io.fanfare.contract.tenant;

import org.jspecify.annotations.NullMarked;
