/** Fanfare as its users meet it: over REST, with a sample audience at hand. */
@NullMarked
package io.fanfare.localstack.client;

import org.jspecify.annotations.NullMarked;
