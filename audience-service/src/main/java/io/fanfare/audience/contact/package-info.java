/** Contacts: created, changed, found and erased. */
@NullMarked
package io.fanfare.audience.contact;

import org.jspecify.annotations.NullMarked;
