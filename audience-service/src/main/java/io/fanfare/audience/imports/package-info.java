/** Imports of contacts: a file is stored as it comes, then written batch by batch. */
@NullMarked
package io.fanfare.audience.imports;

import org.jspecify.annotations.NullMarked;
