package io.fanfare.localstack.simulator.fault;

/** The plans of both channels, as the control interface reads and writes them. */
public record FaultPlans(FaultPlan email, FaultPlan telegram) {}
