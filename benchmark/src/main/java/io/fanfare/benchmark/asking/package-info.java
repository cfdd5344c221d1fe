/** How soon analytics answer about a large broadcast, and by which plans. */
@NullMarked
package io.fanfare.benchmark.asking;

import org.jspecify.annotations.NullMarked;
