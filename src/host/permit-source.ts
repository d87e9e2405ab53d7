import type { Permit } from '../core/permit.ts';

/** What models of one piece of work run under, and how it is renewed while they do. */
export interface PermitSource {
  /** What was issued, or the evaluation permit. Records name it; models open under leases of it. */
  readonly permit: Permit;
  /** PEM of the key that leases verify with; absent for the evaluation permit. */
  readonly publicKey?: string;
  readonly purpose: string;
  readonly site: string;
  /**
   * A lease for the next seconds: a signed one under a signed permit.
   * @throws TidewaiterError when the permit no longer holds: the worker is ended. Anything else counts as silence: it is
   *   asked again until the lease that the worker has is over.
   */
  renew(): Promise<Permit>;
}
