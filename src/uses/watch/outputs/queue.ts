import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Platform } from '../../../platform/platform.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import { addressCheck } from '../../../platform/webhooks/target.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { limitOf } from './channel.ts';
import type { OutputRun } from './fan-out.ts';
import type { AlertMessage, Earlier, Outgoing } from './message.ts';
import { isQuiet } from './quiet.ts';
import { Answered, Refused, type Sender } from './sender.ts';
import type { WatchChannelsTable, WatchMessagesTable } from './tables.ts';

type Channel = Selectable<WatchChannelsTable>;
type Waiting = Selectable<WatchMessagesTable>;

/** Of one digest at most. */
const BATCH = 200;
const MINUTE_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;
/** A receiver that answers, and fails on the same message so often, will not take it. */
const MOST_TRIES = 12;
/** What could not be sent in a day is no alert any more. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Sends what waits in a channel, in its order, until nothing is left, its limit is reached, or an attempt fails. What
 * arrived and was not yet written down when the process died is sent once more, under the same id.
 */
export async function sendWaiting(
  platform: Platform,
  channel: Channel,
  sender: Sender,
  { run, signal }: { readonly run: OutputRun; readonly signal: AbortSignal },
): Promise<void> {
  const { db, now } = platform;
  if (channel.retry_at !== null && channel.retry_at > now()) return;
  const waiting = await db
    .selectFrom('watch_messages')
    .selectAll()
    .where('channel_id', '=', channel.id)
    .where('state', '=', 'waiting')
    .orderBy('seq')
    .limit(BATCH)
    .execute();
  const quiet = waiting.length > 0 && (await isQuiet(db, channel, now()));
  const due = quiet ? waiting.filter(({ body }) => body.what !== 'incident') : waiting;
  if (due.length === 0) return;
  for (const batch of inBatches(due, await left(platform, channel), sender.digests)) {
    if (signal.aborted || !(await attempt(platform, channel, sender, { batch, run, signal }))) return;
  }
}

/**
 * All one by one while they fit the limit. When there are more, those that still fit, and the others together as the last.
 * @param left messages that may still go out in this minute.
 */
export function inBatches<Message>(
  due: readonly Message[],
  left: number,
  digests: boolean,
): (readonly [Message, ...Message[]])[] {
  const single = due.length <= left || !digests ? Math.min(due.length, left) : Math.max(0, left - 1);
  const ones = due.slice(0, single).map((message): readonly [Message, ...Message[]] => [message]);
  const [first, ...others] = due.slice(single);
  return first === undefined || !digests || left < 1 ? ones : [...ones, [first, ...others]];
}

async function left({ db, now }: Platform, { id, kind, choice }: Channel): Promise<number> {
  const limit = limitOf(kind, choice);
  if (limit === Infinity) return limit;
  const { count } = await db
    .selectFrom('watch_attempts')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('channel_id', '=', id)
    .where('arrived', '=', true)
    .where('at', '>', new Date(now().getTime() - MINUTE_MS))
    .executeTakeFirstOrThrow();
  return Math.max(0, limit - Number(count));
}

interface Attempt {
  readonly batch: readonly [Waiting, ...Waiting[]];
  readonly run: OutputRun;
  readonly signal: AbortSignal;
}

/** @returns whether the channel goes on: it does also after a message that its receiver will never take. */
async function attempt(
  platform: Platform,
  channel: Channel,
  sender: Sender,
  { batch, run, signal }: Attempt,
): Promise<boolean> {
  const at = platform.now();
  const began = performance.now();
  let failure: unknown;
  try {
    const { networks = [] } = platform.settings.webhooks;
    const context = { site: channel.site_id, allowed: addressCheck(networks), at, signal };
    await sender.send(await outgoing(platform, channel, batch), context);
  } catch (error) {
    signal.throwIfAborted();
    failure = error;
  }
  const [first] = batch;
  const arrived = failure === undefined;
  const problem = arrived ? null : problemOf(failure);
  const refused = failure instanceof Refused || failure instanceof TidewaiterError;
  const hopeless =
    refused ||
    (failure instanceof Answered && first.tries + 1 >= MOST_TRIES) ||
    at.getTime() - first.created_at.getTime() > KEPT_MS;
  const state = arrived ? 'sent' : hopeless ? 'dead' : 'waiting';
  const failures = arrived || refused ? 0 : channel.failures + 1;
  const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (failures - 1));
  await platform.db.transaction().execute(async (tx) => {
    await fenced(tx, run);
    // The channel before its messages, as everywhere: somebody may be removing it.
    const { numUpdatedRows } = await tx
      .updateTable('watch_channels')
      .set({ failures, problem, retry_at: failures === 0 ? null : new Date(at.getTime() + pause) })
      .where('id', '=', channel.id)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    await tx
      .updateTable('watch_messages')
      .set((eb) => ({
        ...{ state, problem, tries: eb('tries', '+', 1) },
        ended_at: state === 'waiting' ? null : platform.now(),
      }))
      .where(
        'id',
        'in',
        batch.map(({ id }) => id),
      )
      .execute();
    await tx
      .insertInto('watch_attempts')
      .values({
        ...{ channel_id: channel.id, at, took_ms: performance.now() - began },
        ...{ messages: batch.length, arrived, problem },
      })
      .execute();
  });
  return arrived || refused;
}

async function outgoing(
  { db }: Platform,
  { id: channel }: Channel,
  batch: Attempt['batch'],
): Promise<Outgoing> {
  const [first, ...others] = batch;
  if (others.length > 0) {
    const messages: [AlertMessage, ...AlertMessage[]] = [first.body, ...others.map(({ body }) => body)];
    return { id: randomUUID(), messages, earlier: [] };
  }
  const rows = await db
    .selectFrom('watch_messages')
    .select(['id', 'body'])
    .where('channel_id', '=', channel)
    .where('about', '=', first.about)
    .where('seq', '<', first.seq)
    .where('state', '=', 'sent')
    .orderBy('seq')
    .execute();
  const earlier = rows.map(({ id, body }): Earlier => ({ id, at: body.at }));
  return { id: first.id, messages: [first.body], earlier };
}

function problemOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : String(error);
  return text.slice(0, 500);
}
