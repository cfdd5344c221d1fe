/**
 * The files that go with messages: fetched once from broadcast-api and kept while they are used.
 */
@NullMarked
package io.fanfare.dispatch.channel.media;

import org.jspecify.annotations.NullMarked;
