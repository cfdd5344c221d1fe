/** What the pages that messages lead to have in common. */
@NullMarked
package io.fanfare.dispatch.engagement.page;

import org.jspecify.annotations.NullMarked;
