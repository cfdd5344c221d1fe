/**
 * Kafka and PostgreSQL, the real ones, started inside or beside this JVM with data that survives
 * restarts.
 */
@NullMarked
package io.fanfare.localstack.embedded;

import org.jspecify.annotations.NullMarked;
