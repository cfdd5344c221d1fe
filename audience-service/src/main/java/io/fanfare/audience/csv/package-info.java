/** CSV (RFC 4180): read record by record out of bytes, and written so that no cell is a formula. */
@NullMarked
package io.fanfare.audience.csv;

import org.jspecify.annotations.NullMarked;
