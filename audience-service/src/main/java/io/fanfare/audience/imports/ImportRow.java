package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactMerge.RowProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A row of an import's file.
 *
 * @param line where it begins in the file, from 1
 * @param original the row as it stands there
 * @param patch what it says of a contact; null when it cannot be read
 * @param problems what keeps it from being read; empty when there is a patch
 */
record ImportRow(
    long line, String original, @Nullable ObjectNode patch, List<RowProblem> problems) {}
