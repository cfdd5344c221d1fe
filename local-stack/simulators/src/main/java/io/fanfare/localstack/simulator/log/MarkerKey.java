package io.fanfare.localstack.simulator.log;

import io.fanfare.localstack.simulator.Channel;

/** A broadcast as a provider sees it: the marker its messages carry; empty where none was seen. */
public record MarkerKey(Channel channel, String marker) {}
