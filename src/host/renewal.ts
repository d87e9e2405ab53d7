import type { Writable } from 'node:stream';
import { setInterval, setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '../core/canonical-json.ts';
import { TidewaiterError } from '../core/errors.ts';
import { LEASE_SECONDS, type Permit } from '../core/permit.ts';
import type { PermitSource } from './permit-source.ts';

/** How often a lease is renewed: a suspension is noticed that soon by this process, and by the worker when its lease ends. */
const RENEW_MS = 1000;

/**
 * Renews the lease of a worker until `signal` ends it.
 * @param pipe the worker's own way to hear of leases, apart from its messages.
 * @returns why the worker must end; undefined when it ended by itself.
 */
export async function keepLeased(
  source: PermitSource,
  first: Permit,
  pipe: Writable,
  signal: AbortSignal,
): Promise<TidewaiterError | undefined> {
  // A worker that is gone cannot read; its exit says so soon enough.
  pipe.on('error', () => undefined);
  const hand = (permit: Permit): void => {
    if (permit.kind === 'evaluation') return;
    const { claims, signature } = permit;
    // The text is what was signed: whoever reads it needs no rules of their own to write it again.
    pipe.write(`${JSON.stringify({ text: canonicalJson(claims), signature })}\n`);
  };
  hand(first);
  let until = leaseEnd(first);
  try {
    for await (const _ of setInterval(RENEW_MS, undefined, { signal, ref: false })) {
      const renewed = await Promise.race([
        source.renew().catch((error: unknown) => (error instanceof TidewaiterError ? error : undefined)),
        // A store that hangs is asked again, and not waited for.
        sleep(RENEW_MS, undefined, { ref: false }),
      ]);
      if (renewed instanceof TidewaiterError) return renewed;
      if (renewed !== undefined) {
        hand(renewed);
        until = leaseEnd(renewed);
      } else if (performance.now() > until) return notRenewed();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}

/** On a clock that nobody sets. Under the evaluation permit nothing is leased. */
function leaseEnd({ kind }: Permit): number {
  return kind === 'evaluation' ? Infinity : performance.now() + LEASE_SECONDS * 1000;
}

function notRenewed(): TidewaiterError {
  return new TidewaiterError(
    'E_PERMIT_STORE',
    'Whether the permit still holds could not be found out, so the work was stopped',
    'It is taken up again when the database answers.',
  );
}
