import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../../../platform/store/database.ts';
import { choice } from '../../outputs/channel.ts';
import { messageStates, type WatchChannelsTable, type WatchMessagesTable } from '../../outputs/tables.ts';

const moment = z.iso.datetime();

export const channelView = z
  .object({
    ...{ id: z.uuid(), site: z.string(), name: z.string(), kind: z.string(), enabled: z.boolean() },
    destination: z.record(z.string(), z.unknown()).describe('Without passwords, headers and secrets.'),
    choice: choice.extend({ perMinute: z.int().optional() }),
    ...{ waiting: z.int(), dead: z.int() },
    lastSentAt: moment.nullable().describe('When a message last arrived there, of the last month.'),
    problem: z.string().nullable().describe('Of the last attempt, when it did not arrive.'),
    retryAt: moment.nullable(),
    createdAt: moment,
  })
  .meta({ id: 'WatchChannel' });

export const messageView = z.object({
  ...{ id: z.uuid(), state: z.enum(messageStates), tries: z.int(), problem: z.string().nullable() },
  message: z.record(z.string(), z.unknown()),
  ...{ createdAt: moment, endedAt: moment.nullable() },
});

/** A channel with what became of its messages. */
export async function viewOfChannel(
  db: Database,
  row: Selectable<WatchChannelsTable>,
): Promise<z.input<typeof channelView>> {
  const states = await db
    .selectFrom('watch_messages')
    .select((eb) => ['state', eb.fn.countAll<string>().as('count'), eb.fn.max('ended_at').as('last')])
    .where('channel_id', '=', row.id)
    .groupBy('state')
    .execute();
  const of = (state: string): (typeof states)[number] | undefined =>
    states.find((one) => one.state === state);
  return {
    ...{ id: row.id, site: row.site_id, name: row.name, kind: row.kind, enabled: row.enabled },
    ...{ destination: { ...row.destination }, choice: row.choice },
    ...{ waiting: Number(of('waiting')?.count ?? 0), dead: Number(of('dead')?.count ?? 0) },
    lastSentAt: of('sent')?.last?.toISOString() ?? null,
    ...{ problem: row.problem, retryAt: row.retry_at?.toISOString() ?? null },
    createdAt: row.created_at.toISOString(),
  };
}

export function toMessage(row: Selectable<WatchMessagesTable>): z.input<typeof messageView> {
  return {
    ...{ id: row.id, state: row.state, tries: row.tries, problem: row.problem, message: { ...row.body } },
    ...{ createdAt: row.created_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null },
  };
}
