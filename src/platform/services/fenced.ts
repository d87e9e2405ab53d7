import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import type { Run } from './leases.ts';
import { defaultTimes, type ServiceTimes } from './times.ts';

/**
 * Call it first in each transaction that keeps results of a service: until the transaction ends nobody else can take the
 * service up, so that nothing old is written after something newer. For that reason such transactions must be short, and
 * must not wait for anything but the database: one that idles for ten seconds is broken off.
 * @param times for tests; those of the runners.
 * @throws TidewaiterError `E_SERVICE_FENCED` when a newer run of the service has begun.
 */
export async function fenced(
  tx: DatabaseTransaction,
  { id, generation }: Run,
  { leaseMs, beatMs }: ServiceTimes = defaultTimes,
): Promise<void> {
  // A process that is halted in a transaction beat at most one beat earlier: when its lease is over, so is this.
  const idle = String(leaseMs - beatMs);
  await sql`select set_config('idle_in_transaction_session_timeout', ${idle}, true)`.execute(tx);
  // Key share: heartbeats still get through, taking over does not.
  const row = await tx
    .selectFrom('services')
    .select('generation')
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst();
  if (row?.generation === generation) return;
  throw new TidewaiterError(
    'E_SERVICE_FENCED',
    'This service was taken over, so what an older run of it found is not kept',
    'Nothing: the newer run goes on. If it happens often, look for processes that are short of time or memory.',
  );
}
