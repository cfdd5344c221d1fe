/** Contacts and lists, and the audience of every broadcast from its freeze to its last command. */
@NullMarked
package io.fanfare.audience;

import org.jspecify.annotations.NullMarked;
