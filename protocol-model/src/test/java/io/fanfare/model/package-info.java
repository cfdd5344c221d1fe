/** Every interleaving of one recipient's sending, driven through the services' own decisions. */
@NullMarked
package io.fanfare.model;

import org.jspecify.annotations.NullMarked;
