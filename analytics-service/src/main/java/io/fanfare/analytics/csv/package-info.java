/** Answers as tables, for spreadsheets. */
@NullMarked
package io.fanfare.analytics.csv;

import org.jspecify.annotations.NullMarked;
