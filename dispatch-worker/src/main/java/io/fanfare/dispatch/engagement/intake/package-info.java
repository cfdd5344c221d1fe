/** What other systems report of recipients, by HTTP and by Kafka: bounces, replies, purchases. */
@NullMarked
package io.fanfare.dispatch.engagement.intake;

import org.jspecify.annotations.NullMarked;
