/** Message templates: versions of them, what is wrong with them, and how they look to a contact. */
@NullMarked
package io.fanfare.broadcast.template;

import org.jspecify.annotations.NullMarked;
