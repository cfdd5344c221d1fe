package io.fanfare.audience.optout;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * All opt-outs of a contact that stand; at most one a channel, one a category and one for
 * everything.
 */
@Schema(name = "OptOuts")
record OptOuts(List<OptOut> items) {}
