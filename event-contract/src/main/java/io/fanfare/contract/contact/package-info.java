/** Changes of contacts and lists. */
@NullMarked
package io.fanfare.contract.contact;

import org.jspecify.annotations.NullMarked;
