/** The broker and database of the tests, started once a JVM, and a probe that looks into topics. */
@NullMarked
package io.fanfare.localstack.testing;

import org.jspecify.annotations.NullMarked;
