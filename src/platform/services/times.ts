/** How long things take, in milliseconds. */
export interface ServiceTimes {
  /** A runner that is not heard of for so long has lost its services. */
  readonly leaseMs: number;
  /** How often it is heard of; also how long the database may take for an answer. */
  readonly beatMs: number;
  /** How often it looks for work; a notice of the database makes it look at once. */
  readonly pollMs: number;
  /** Pause after a first failure; each further one is twice as long, up to the longest. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** What has run for so long is healthy: what failed before no longer counts. */
  readonly healthyMs: number;
}

export const defaultTimes: ServiceTimes = {
  leaseMs: 15_000,
  beatMs: 5_000,
  pollMs: 2_000,
  firstRetryMs: 1_000,
  longestRetryMs: 60_000,
  healthyMs: 5 * 60_000,
};

/**
 * How long a service may run on after the last heartbeat that was answered was *sent*. A fifth of the lease is left for
 * it to end before anybody else may start it.
 */
export function trustedMs({ leaseMs }: ServiceTimes): number {
  return leaseMs * 0.8;
}
