/**
 * An SMTP server of RFC 5321 with pipelining, authentication and STARTTLS that keeps instead of
 * delivering.
 */
@NullMarked
package io.fanfare.localstack.simulator.smtp;

import org.jspecify.annotations.NullMarked;
