/** Fanfare on one machine: broker, database, services and simulated providers in one JVM. */
@NullMarked
package io.fanfare.localstack.runner;

import org.jspecify.annotations.NullMarked;
