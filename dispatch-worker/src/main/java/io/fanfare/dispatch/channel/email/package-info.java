/** Makes personal e-mails of a broadcast's content and hands them to SMTP servers. */
@NullMarked
package io.fanfare.dispatch.channel.email;

import org.jspecify.annotations.NullMarked;
