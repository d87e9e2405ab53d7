import { randomBytes, randomUUID } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { idParams } from '../routes/access.ts';
import { jobView, toJob } from '../routes/views.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import { secretContext, WEBHOOK_QUEUE } from './deliveries.ts';
import type { WebhooksTable } from './tables.ts';
import { addressCheck, checkTarget } from './target.ts';

const webhookView = z
  .object({
    id: z.uuid(),
    url: z.string(),
    kinds: z.array(z.string()),
    failures: z
      .int()
      .describe('Deliveries given up since the last one that arrived; at 20 it is switched off.'),
    disabledAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });

const newWebhook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  kinds: z
    .array(
      z
        .string()
        .max(100)
        .regex(/^[a-z-]+\.[a-z-]+$/, 'a kind of event such as asset.received'),
    )
    .min(1)
    .max(50),
});

/** Addresses that are told of events; see docs/webhooks.md. */
export function webhookRoutes({ db, secrets, settings, now }: Platform): Route[] {
  const tag = 'Webhooks';
  const access = { kind: 'role', roles: ['admin'], scope: 'settings', at: 'everywhere' } as const;
  const allowed = addressCheck(settings.webhooks.networks ?? []);
  const tell = (tx: DatabaseTransaction, kind: string, actor: string, webhook: string): Promise<void> =>
    append(tx, { kind, at: now(), actor, subjects: { webhook } });
  return [
    route({
      method: 'GET',
      path: '/webhooks',
      id: 'listWebhooks',
      tag,
      summary: 'All webhooks',
      access,
      query: pageQuery,
      answer: pageOf(webhookView),
      handle: async ({ query }) => {
        const { items, next } = await page(
          db.selectFrom('webhooks').selectAll('webhooks'),
          'webhooks',
          query,
        );
        return { body: { items: items.map(toWebhook), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/webhooks',
      id: 'createWebhook',
      tag,
      summary: 'Have events sent to an address; the secret that signs them is shown once',
      access,
      body: newWebhook,
      answer: webhookView.extend({ secret: z.string() }),
      status: 201,
      handle: async ({ body, principal }) => {
        await checkTarget(body.url, allowed);
        const id = randomUUID();
        const secret = `whsec_${randomBytes(32).toString('base64url')}`;
        const row = await db.transaction().execute(async (tx) => {
          await tell(tx, 'webhook.created', principal.personId, id);
          return tx
            .insertInto('webhooks')
            .values({
              id,
              url: body.url,
              kinds: [...new Set(body.kinds)],
              secret: secrets.wrap(Buffer.from(secret), secretContext(id)),
              created_by: principal.personId,
              created_at: now(),
            })
            .returningAll()
            .executeTakeFirstOrThrow();
        });
        return { body: { ...toWebhook(row), secret } };
      },
    }),
    route({
      method: 'POST',
      path: '/webhooks/:id/enable',
      id: 'enableWebhook',
      tag,
      summary: 'Switch a webhook on again; events of the time between are not sent',
      access,
      params: idParams,
      answer: webhookView,
      handle: async ({ params, principal }) => {
        const row = await db.transaction().execute(async (tx) => {
          await tell(tx, 'webhook.enabled', principal.personId, params.id);
          return tx
            .updateTable('webhooks')
            .set({ disabled_at: null, failures: 0 })
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow(notFound);
        });
        return { body: toWebhook(row) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/webhooks/:id',
      id: 'deleteWebhook',
      tag,
      summary: 'Send nothing more to an address',
      access,
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        await db.transaction().execute(async (tx) => {
          await tell(tx, 'webhook.deleted', principal.personId, params.id);
          await tx
            .deleteFrom('webhooks')
            .where('id', '=', params.id)
            .returning('id')
            .executeTakeFirstOrThrow(notFound);
        });
        return { body: undefined };
      },
    }),
    route({
      method: 'GET',
      path: '/webhooks/:id/deliveries',
      id: 'listDeliveries',
      tag,
      summary: 'What was sent to a webhook and what came of it, newest first',
      access,
      params: idParams,
      query: pageQuery,
      answer: pageOf(jobView),
      handle: async ({ params, query }) => {
        const wanted = db
          .selectFrom('jobs')
          .selectAll('jobs')
          .where('queue', '=', WEBHOOK_QUEUE)
          .where(sql<string>`input ->> 'webhook'`, '=', params.id);
        const { items, next } = await page(wanted, 'jobs', query);
        return { body: { items: items.map(toJob), ...(next === undefined ? {} : { next }) } };
      },
    }),
  ];
}

function toWebhook(row: Selectable<WebhooksTable>): z.input<typeof webhookView> {
  const { id, url, kinds, failures } = row;
  return {
    id,
    url,
    kinds: [...kinds],
    failures,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
