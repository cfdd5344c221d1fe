/** Bounces and complaints of e-mails, as mail systems report them. */
@NullMarked
package io.fanfare.dispatch.engagement.bounce;

import org.jspecify.annotations.NullMarked;
