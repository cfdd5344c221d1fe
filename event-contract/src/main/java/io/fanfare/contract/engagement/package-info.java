/** What recipients did with their messages. */
@NullMarked
package io.fanfare.contract.engagement;

import org.jspecify.annotations.NullMarked;
