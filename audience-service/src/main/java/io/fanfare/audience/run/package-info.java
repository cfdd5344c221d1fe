/** The newest control of every broadcast, as the rest of this service sees it. */
@NullMarked
package io.fanfare.audience.run;

import org.jspecify.annotations.NullMarked;
