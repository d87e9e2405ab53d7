import { type Selectable, sql } from 'kysely';
import type { Platform } from '../../../platform/platform.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { cameraMessages, consoleUrl, incidentMessages } from './facts.ts';
import type { AlertMessage } from './message.ts';
import type { WatchChannelsTable } from './tables.ts';

const BATCH = 200;

/** A run of the service that does it. */
export interface OutputRun {
  readonly id: string;
  readonly generation: number;
}

/**
 * Turns what happened at a site since the last time into messages of its channels. The events it reads are written in the
 * transaction of what they tell of, in the order of their numbers; the place is moved in the transaction that adds the
 * messages, and each has an id that follows from what it tells: so none is left out and none is there twice.
 */
export async function fanOut({ db, settings }: Platform, site: string, run: OutputRun): Promise<void> {
  const place = await db
    .selectFrom('watch_outputs')
    .select('seq')
    .where('site_id', '=', site)
    .executeTakeFirstOrThrow();
  const events = await db
    .selectFrom('watch_events')
    .select(['seq', 'kind', 'about'])
    .where('site_id', '=', site)
    .where('seq', '>', place.seq)
    .orderBy('seq')
    .limit(BATCH)
    .execute();
  const last = events.at(-1);
  if (last === undefined) return;
  const about = (kind: string): string[] => [
    ...new Set(events.filter((event) => event.kind === kind).map((event) => event.about)),
  ];
  await db.transaction().execute(async (tx) => {
    await fenced(tx, run);
    const channels = await tx
      .selectFrom('watch_channels')
      .selectAll()
      .where('site_id', '=', site)
      .where('enabled', '=', true)
      // One that is being removed gets no more messages.
      .forKeyShare()
      .execute();
    for (const channel of channels) {
      const receiver = { receiver: channel.id, base: consoleUrl(settings) };
      const incidents = await incidentMessages(tx, about('incident'), receiver);
      const cameras = channel.kind === 'mqtt' ? await cameraMessages(tx, about('camera'), channel.id) : [];
      await addMessages(tx, channel.id, [...incidents.filter(wantedBy(channel)), ...cameras]);
    }
    await tx.updateTable('watch_outputs').set({ seq: last.seq }).where('site_id', '=', site).execute();
  });
}

/** Adds messages that are not there yet, in their order. */
export async function addMessages(
  tx: DatabaseTransaction,
  channel: string,
  messages: readonly AlertMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await tx
    .insertInto('watch_messages')
    .values(
      messages.map((message) => ({
        ...{ id: message.id, channel_id: channel, body: JSON.stringify(message) },
        about: aboutOf(message),
        created_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .onConflict((clash) => clash.column('id').doNothing())
    .execute();
}

function aboutOf(message: AlertMessage): string {
  if (message.what === 'test') return message.id;
  return message.what === 'incident' ? message.incident : message.camera.id;
}

function wantedBy({ choice, since }: Selectable<WatchChannelsTable>): (message: AlertMessage) => boolean {
  return (message) =>
    message.what === 'incident' &&
    Date.parse(message.at) >= since.getTime() &&
    choice.severities.includes(message.severity) &&
    choice.steps.includes(message.step) &&
    (choice.rules.length === 0 || message.rules.some((rule) => choice.rules.includes(rule)));
}
