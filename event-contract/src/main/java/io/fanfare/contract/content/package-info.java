/** The frozen content of a broadcast, published once and rendered per recipient. */
@NullMarked
package io.fanfare.contract.content;

import org.jspecify.annotations.NullMarked;
