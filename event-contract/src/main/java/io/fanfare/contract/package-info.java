/** The contract between the services: topics, codec and the words every event uses. */
@NullMarked
package io.fanfare.contract;

import org.jspecify.annotations.NullMarked;
