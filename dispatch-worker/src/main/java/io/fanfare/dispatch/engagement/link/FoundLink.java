package io.fanfare.dispatch.engagement.link;

/**
 * A link of a content.
 *
 * @param number its number in the content, from 1; the same link has the same number in all places
 * @param target where it leads; its template when it differs from recipient to recipient
 * @param templated it differs from recipient to recipient
 */
record FoundLink(int number, String target, boolean templated) {}
