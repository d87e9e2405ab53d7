import { randomBytes, randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Access, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { idParams } from '../../../../platform/routes/access.ts';
import { startService } from '../../../../platform/services/services.ts';
import type { DatabaseTransaction } from '../../../../platform/store/database.ts';
import { addressCheck, checkTarget } from '../../../../platform/webhooks/target.ts';
import {
  channelContext,
  choice,
  destination,
  withoutSecrets,
  type Destination,
} from '../../outputs/channel.ts';
import { addMessages } from '../../outputs/fan-out.ts';
import { consoleUrl } from '../../outputs/facts.ts';
import { messageStates, type WatchChannelsTable } from '../../outputs/tables.ts';
import { atSite, keepers } from '../access.ts';
import { eventRange } from '../events.ts';
import type { WatchServices } from '../services.ts';
import { channelView, messageView, toMessage, viewOfChannel } from './channel-views.ts';
import { siteParams } from './sites.ts';

const name = z.string().trim().min(1).max(100);
const newChannel = z.strictObject({ name, destination, choice: choice.prefault({}) });

/** Where alerts of a site are sent; see docs/alert-delivery.md. */
export function channelRoutes(platform: Platform, services: WatchServices): Route[] {
  const { db, secrets, settings, now } = platform;
  const tag = 'Watch';
  const access: Access = {
    ...{ kind: 'role', roles: keepers, scope: 'settings' },
    at: async ({ params }) => (await find(params['id'] ?? ''))?.site_id,
  };
  const find = (id: string) =>
    db.selectFrom('watch_channels').selectAll().where('id', '=', id).executeTakeFirst();
  const record = (tx: DatabaseTransaction, what: string, by: string, { id, site_id }: Named): Promise<void> =>
    append(tx, {
      ...{ kind: `watch.channel-${what}`, at: now(), actor: by, siteId: site_id },
      subjects: { channel: id },
    });
  const view = (row: Selectable<WatchChannelsTable>): ReturnType<typeof viewOfChannel> =>
    viewOfChannel(db, row);
  return [
    route({
      method: 'GET',
      path: '/watch/sites/:site/channels',
      id: 'listChannels',
      tag,
      summary: 'Where alerts of the site are sent',
      access: atSite(db, keepers, 'settings'),
      params: siteParams,
      query: pageQuery,
      answer: pageOf(channelView),
      handle: async ({ params, query }) => {
        const wanted = db
          .selectFrom('watch_channels')
          .selectAll('watch_channels')
          .where('site_id', '=', params.site);
        const { items, next } = await page(wanted, 'watch_channels', query);
        const views = await Promise.all(items.map(view));
        return { body: { items: views, ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/sites/:site/channels',
      id: 'addChannel',
      tag,
      summary: 'Send alerts of the site somewhere; the secret that signs a webhook is shown once',
      access: atSite(db, keepers, 'settings'),
      params: siteParams,
      body: newChannel,
      answer: channelView.extend({ secret: z.string().optional() }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        await checkTarget(webOf(body.destination), addressCheck(settings.webhooks.networks ?? []));
        const [id, by] = [randomUUID(), principal.personId];
        const { shown, secrets: hidden } = withoutSecrets(body.destination);
        const secret =
          body.destination.kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64url')}` : undefined;
        const sealed = Buffer.from(JSON.stringify(secret === undefined ? hidden : { secret }));
        const { newest } = await eventRange(db, params.site);
        const row = await db.transaction().execute(async (tx) => {
          await openOutputs(tx, { site: params.site, newest, by });
          const made = await tx
            .insertInto('watch_channels')
            .values({
              ...{ id, site_id: params.site, name: body.name, kind: body.destination.kind, changed_by: by },
              destination: JSON.stringify(shown),
              secrets: secrets.wrap(sealed, channelContext(id)),
              ...{ choice: JSON.stringify(body.choice), enabled: true, problem: null },
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await record(tx, 'added', by, made);
          return made;
        });
        return { body: { ...(await view(row)), ...(secret === undefined ? {} : { secret }) } };
      },
    }),
    route({
      method: 'PATCH',
      path: '/watch/channels/:id',
      id: 'changeChannel',
      tag,
      summary:
        'Rename a channel, choose what it carries, or switch it; another destination is another channel',
      access,
      params: idParams,
      body: z
        .strictObject({ name, choice, enabled: z.boolean() })
        .partial()
        .refine((change) => Object.keys(change).length > 0, { error: 'Say what to change.' }),
      answer: channelView,
      handle: async ({ params, body, principal }) => {
        const row = await db.transaction().execute(async (tx) => {
          const changed = await tx
            .updateTable('watch_channels')
            .set((eb) => ({
              ...(body.name === undefined ? {} : { name: body.name }),
              ...(body.choice === undefined ? {} : { choice: JSON.stringify(body.choice) }),
              ...(body.enabled === undefined ? {} : { enabled: body.enabled }),
              // What happened while it was off is not sent later.
              ...(body.enabled === true ? { since: now(), failures: 0, retry_at: null } : {}),
              ...{ version: eb('version', '+', 1), changed_by: principal.personId },
            }))
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow(notFound);
          await record(tx, 'changed', principal.personId, changed);
          return changed;
        });
        return { body: await view(row) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/watch/channels/:id',
      id: 'removeChannel',
      tag,
      summary: 'Send nothing more there; what waits is forgotten',
      access,
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        await db.transaction().execute(async (tx) => {
          const gone = await tx
            .deleteFrom('watch_channels')
            .where('id', '=', params.id)
            .returning(['id', 'site_id'])
            .executeTakeFirstOrThrow(notFound);
          await record(tx, 'removed', principal.personId, gone);
        });
        return { body: undefined };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/channels/:id/test',
      id: 'testChannel',
      tag,
      summary: 'Send a message marked TEST; what came of it stands among the messages',
      access,
      params: idParams,
      answer: z.object({ message: z.uuid() }),
      status: 202,
      handle: async ({ params, principal }) => {
        const channel = await find(params.id);
        if (channel === undefined) throw notFound();
        if (!channel.enabled)
          throw new TidewaiterError('E_WATCH_CHANNEL', 'The channel is switched off', 'Switch it on first.');
        const message = randomUUID();
        const { site_id: site } = channel;
        await db.transaction().execute(async (tx) => {
          const [at, link] = [now().toISOString(), `${consoleUrl(settings)}/watch`];
          await addMessages(tx, params.id, [{ id: message, what: 'test', status: 'test', site, at, link }]);
          await record(tx, 'tested', principal.personId, channel);
        });
        return { body: { message } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/channels/:id/messages',
      id: 'listChannelMessages',
      tag,
      summary: 'What was sent, waits, or was given up and why; newest first, for a month',
      access,
      params: idParams,
      query: pageQuery.extend({ state: z.enum(messageStates).optional() }),
      answer: pageOf(messageView),
      handle: async ({ params, query }) => {
        let wanted = db
          .selectFrom('watch_messages')
          .selectAll('watch_messages')
          .where('channel_id', '=', params.id);
        if (query.state !== undefined) wanted = wanted.where('state', '=', query.state);
        const { items, next } = await page(wanted, 'watch_messages', query);
        return { body: { items: items.map(toMessage), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/channels/:id/retry',
      id: 'retryChannel',
      tag,
      summary: 'Try at once, also what was given up',
      access,
      params: idParams,
      answer: channelView,
      handle: async ({ params, principal }) => {
        const row = await db.transaction().execute(async (tx) => {
          const channel = await tx
            .updateTable('watch_channels')
            .set({ failures: 0, retry_at: null })
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow(notFound);
          await tx
            .updateTable('watch_messages')
            .set({ state: 'waiting', tries: 0, ended_at: null })
            .where('channel_id', '=', params.id)
            .where('state', '=', 'dead')
            .execute();
          await record(tx, 'retried', principal.personId, channel);
          return channel;
        });
        return { body: await view(row) };
      },
    }),
  ];

  /** The service that sends for the site, from its first channel on. @throws TidewaiterError `E_WATCH_CHANNEL`. */
  async function openOutputs(
    tx: DatabaseTransaction,
    { site, newest, by }: { readonly site: string; readonly newest: number; readonly by: string },
  ): Promise<void> {
    // Two first channels at once: the second waits here for the first.
    const watched = await tx
      .selectFrom('watch_sites')
      .select('site_id')
      .where('site_id', '=', site)
      .forUpdate()
      .executeTakeFirst();
    if (watched === undefined)
      throw new TidewaiterError(
        'E_WATCH_CHANNEL',
        'Nothing is watched at this site yet',
        'Set the site file first.',
      );
    const there = await tx
      .selectFrom('watch_outputs')
      .select('seq')
      .where('site_id', '=', site)
      .executeTakeFirst();
    if (there !== undefined) return;
    const act = { by, at: now() };
    const service = await startService(tx, { kind: services.outputs, siteId: site, settings: {}, ...act });
    await tx
      .insertInto('watch_outputs')
      .values({ site_id: site, service_id: service, seq: newest })
      .execute();
  }
}

interface Named {
  readonly id: string;
  readonly site_id: string;
}

/** An address for the check that webhooks pass too: of others only the host matters. */
function webOf(to: Destination): string {
  if ('url' in to) return to.url;
  return `http://${to.host.includes(':') ? `[${to.host}]` : to.host}`;
}
