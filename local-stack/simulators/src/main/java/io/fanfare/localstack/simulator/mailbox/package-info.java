/** The simulators' HTTP interface: a mailbox page for people, reports and faults for tests. */
@NullMarked
package io.fanfare.localstack.simulator.mailbox;

import org.jspecify.annotations.NullMarked;
