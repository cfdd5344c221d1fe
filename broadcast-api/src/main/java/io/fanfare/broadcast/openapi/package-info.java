/** The merged OpenAPI document and its page. */
@NullMarked
package io.fanfare.broadcast.openapi;

import org.jspecify.annotations.NullMarked;
