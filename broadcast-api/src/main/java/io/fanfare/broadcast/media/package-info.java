/** Files that go with messages: uploaded, or copied from a URL when a broadcast starts. */
@NullMarked
package io.fanfare.broadcast.media;

import org.jspecify.annotations.NullMarked;
