package io.fanfare.localstack.simulator.mailbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Newest first; {@code next} is the {@code after} of the following page. */
record MessagePage(List<MessageSummary> items, @Nullable Long next) {}
