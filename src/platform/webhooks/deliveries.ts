import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { jobKind, type JobKind, type RunningJob } from '../jobs/kind.ts';
import type { PlacedEvent } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import { send } from './send.ts';
import { addressCheck } from './target.ts';

export const WEBHOOK_QUEUE = 'platform.webhook';
/** With growing pauses of at most ten minutes between them, about 40 minutes. */
const RETRIES = 12;
const MOST_FAILURES = 20;

/** What is sent: ids and a kind, nothing about people. */
const message = z.object({
  id: z.string().describe('The place of the event in the ledger: the same each time it is sent.'),
  kind: z.string(),
  at: z.string(),
  subjects: z.record(z.string(), z.string()),
});
const deliveryInput = z.strictObject({ webhook: z.uuid(), event: message });

/** Sends one event to one webhook. */
export function webhookJob(platform: () => Platform): JobKind {
  return jobKind({
    queue: WEBHOOK_QUEUE,
    use: 'platform',
    input: deliveryInput,
    concurrency: 4,
    retries: RETRIES,
    run: (job) => deliver(platform(), job),
  });
}

/**
 * Hands in the deliveries of events, in the transaction that gives them their places. Events that belong to no site (people,
 * tokens) are not sent.
 */
export async function enqueueDeliveries(
  { jobs, kinds }: Platform,
  tx: DatabaseTransaction,
  events: readonly PlacedEvent[],
): Promise<void> {
  const kind = kinds.get(WEBHOOK_QUEUE);
  if (kind === undefined) throw new TypeError('webhooks have no queue');
  const hooks = await tx
    .selectFrom('webhooks')
    .select(['id', 'kinds', 'created_by'])
    .where('disabled_at', 'is', null)
    .execute();
  if (hooks.length === 0) return;
  // The ledger goes on whatever an event says, so nothing that the database would refuse is handed in.
  const sites = new Set((await tx.selectFrom('sites').select('id').execute()).map(({ id }) => id));
  for (const { index, event } of events) {
    const { siteId } = event;
    if (siteId === undefined || !sites.has(siteId)) continue;
    for (const hook of hooks.filter(({ kinds: wanted }) => wanted.includes(event.kind)))
      await jobs.enqueue(tx, {
        kind,
        siteId,
        input: {
          webhook: hook.id,
          event: { id: String(index), kind: event.kind, at: event.at, subjects: event.subjects },
        },
        by: hook.created_by,
      });
  }
}

async function deliver(
  platform: Platform,
  { input, attempt, signal }: RunningJob<z.output<typeof deliveryInput>>,
): Promise<object> {
  const { db, secrets, settings, now } = platform;
  const hook = await db
    .selectFrom('webhooks')
    .select(['url', 'secret', 'disabled_at'])
    .where('id', '=', input.webhook)
    .executeTakeFirst();
  if (hook === undefined || hook.disabled_at !== null)
    throw new TidewaiterError('E_WEBHOOK_OFF', 'The webhook is switched off or gone', 'Switch it on again.');
  const secret = secrets.unwrap(hook.secret, secretContext(input.webhook)).toString();
  try {
    const status = await send(
      { url: hook.url, body: JSON.stringify(input.event), secret, at: now(), signal },
      addressCheck(settings.webhooks.networks ?? []),
    );
    if (status < 200 || status > 299) throw new Error(`its receiver answered ${status}`);
    await db.updateTable('webhooks').set({ failures: 0 }).where('id', '=', input.webhook).execute();
    return { status };
  } catch (error) {
    signal.throwIfAborted();
    const answered = error instanceof TidewaiterError;
    if (answered || attempt > RETRIES) await countFailure(platform, input.webhook);
    if (answered) throw error;
    const what = error instanceof Error ? error.message : String(error);
    throw new TidewaiterError(
      'E_WEBHOOK_FAILED',
      `The event could not be delivered: ${what}`,
      'It is tried again for about 40 minutes; look at the receiver.',
      { cause: error },
    );
  }
}

async function countFailure({ db, now }: Platform, id: string): Promise<void> {
  await db
    .updateTable('webhooks')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      disabled_at: eb
        .case()
        .when('failures', '>=', MOST_FAILURES - 1)
        .then(eb.val<Date | null>(now()))
        .else(eb.ref('disabled_at'))
        .end(),
    }))
    .where('id', '=', id)
    .execute();
}

/** What a secret is bound to. */
export function secretContext(webhookId: string): string {
  return `webhook ${webhookId}`;
}
