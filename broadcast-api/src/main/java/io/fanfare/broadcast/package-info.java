/** The front door of Fanfare: its application class; each feature has a package of its own. */
@NullMarked
package io.fanfare.broadcast;

import org.jspecify.annotations.NullMarked;
