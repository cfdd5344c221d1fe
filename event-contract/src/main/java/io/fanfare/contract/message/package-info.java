/** Single messages: asked for by internal systems, and accepted to be sent. */
@NullMarked
package io.fanfare.contract.message;

import org.jspecify.annotations.NullMarked;
