import { randomUUID } from 'node:crypto';
import { type Selectable, sql, type Updateable } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams } from '../../../../platform/routes/access.ts';
import type { DatabaseTransaction } from '../../../../platform/store/database.ts';
import { conditionSchema } from '../../learning/condition.ts';
import { isSound, propose, wouldHide } from '../../learning/propose.ts';
import { contextOf, MOST_PAST, pastAlerts } from '../../learning/store.ts';
import { atSite, checkPerson } from '../access.ts';
import type { WatchSuppressionsTable } from '../tracks-tables.ts';
import { siteParams } from './sites.ts';

const count = z.int();
const suppressionView = z.object({
  ...{ id: z.uuid(), site: z.string(), camera: z.uuid(), condition: conditionSchema },
  state: z.enum(['proposed', 'approved', 'declined', 'ended', 'expired']),
  evidence: z
    .object({
      ...{ dismissed: count, confirmed: count, undecided: count, days: count, sentence: z.string() },
      purity: z.object({ low: z.number(), high: z.number() }),
    })
    .describe('What it would have hidden, when it was proposed or approved.'),
  hidden: count.describe('Alerts that it has hidden; `/watch/alerts?suppressed=learned` lists them.'),
  ...{ proposedAt: z.iso.datetime(), reason: z.string().nullable(), decidedBy: z.uuid().nullable() },
  ...{ expiresAt: z.iso.datetime().nullable(), endedAt: z.iso.datetime().nullable() },
  review: z.uuid().nullable().describe('The confirmed incident beside which it had hidden an alert.'),
});

const reason = z.string().trim().min(3).max(1000);
const LONGEST_DAYS = 90;
/** Something declined is not proposed again for so long. */
const DECLINED_DAYS = 30;

/** Suppressions learned from dismissals: proposed by counting, in force only when a supervisor approved them. */
export function suppressionRoutes({ db, now }: Platform): Route[] {
  const change = (
    id: string,
    by: string,
    what: (tx: DatabaseTransaction, before: Row, at: Date) => Promise<object>,
    kind: string,
  ): Promise<Row> =>
    db.transaction().execute(async (tx) => {
      const before = await tx
        .selectFrom('watch_suppressions')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw notFound();
      const at = now();
      const facts = await what(tx, before, at);
      await append(tx, {
        ...{ kind: `watch.suppression-${kind}`, at, actor: by, siteId: before.site_id },
        subjects: { suppression: id, camera: before.camera_id },
        facts: { ...facts },
      });
      return tx.selectFrom('watch_suppressions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    });
  const view = async (row: Row): Promise<z.input<typeof suppressionView>> => {
    const { hidden } = await db
      .selectFrom('watch_alerts')
      .select((eb) => eb.fn.countAll().as('hidden'))
      .where('camera_id', '=', row.camera_id)
      .where('suppressed', '=', `learned: ${row.id}`)
      .executeTakeFirstOrThrow();
    return toSuppression(row, Number(hidden), now());
  };
  const supervised = atRow(db, 'watch_suppressions', ['supervisor'], 'write');
  return [
    route({
      method: 'GET',
      path: '/watch/sites/:site/suppressions',
      id: 'listSuppressions',
      tag: 'Watch',
      summary: 'What was learned from dismissals: proposed, approved, declined and ended, newest first',
      access: atSite(db, everybody, 'read'),
      params: siteParams,
      query: pageQuery,
      answer: pageOf(suppressionView),
      handle: async ({ params, query }) => {
        const wanted = db
          .selectFrom('watch_suppressions')
          .selectAll('watch_suppressions')
          .where('site_id', '=', params.site);
        const { items, next } = await page(wanted, 'watch_suppressions', query);
        const views = await Promise.all(items.map(view));
        return { body: { items: views, ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/sites/:site/suppressions',
      id: 'proposeSuppressions',
      tag: 'Watch',
      summary: 'Look for what was dismissed again and again; nothing is hidden until somebody approves it',
      access: atSite(db, ['supervisor'], 'write'),
      params: siteParams,
      answer: z.object({ items: z.array(suppressionView) }),
      handle: async ({ params, principal }) => {
        const cameras = await db
          .selectFrom('watch_cameras')
          .select('id')
          .where('site_id', '=', params.site)
          .where('enabled', '=', true)
          .execute();
        const made: Row[] = [];
        for (const { id } of cameras) {
          const at = now();
          const past = await pastAlerts(db, id, at);
          if (past.length > MOST_PAST) continue;
          for (const { condition, evidence } of propose(past, await contextOf(db, id))) {
            const row = await db.transaction().execute(async (tx) => {
              await sql`select id from watch_cameras where id = ${id} for no key update`.execute(tx);
              const known = await tx
                .selectFrom('watch_suppressions')
                .select('id')
                .where('camera_id', '=', id)
                .where(sql<boolean>`condition = ${JSON.stringify(condition)}::jsonb`)
                .where(
                  sql<boolean>`(state = 'proposed' or state = 'approved' and expires_at > ${at}
                    or state = 'declined' and decided_at + ${DECLINED_DAYS} * interval '24 hours' > ${at})`,
                )
                .executeTakeFirst();
              if (known !== undefined) return undefined;
              const proposed = await tx
                .insertInto('watch_suppressions')
                .values({
                  ...{ id: randomUUID(), site_id: params.site, camera_id: id, state: 'proposed' },
                  ...{ condition: JSON.stringify(condition), evidence: JSON.stringify(evidence) },
                  ...{ proposed_by: principal.personId, created_at: at, ...undecided },
                })
                .returningAll()
                .executeTakeFirstOrThrow();
              await append(tx, {
                ...{ kind: 'watch.suppression-proposed', at, actor: principal.personId, siteId: params.site },
                subjects: { suppression: proposed.id, camera: id },
                facts: { dismissed: evidence.dismissed, confirmed: evidence.confirmed },
              });
              return proposed;
            });
            if (row !== undefined) made.push(row);
          }
        }
        return { body: { items: made.map((row) => toSuppression(row, 0, now())) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/suppressions/:id/decide',
      id: 'decideSuppression',
      tag: 'Watch',
      summary: 'Approve a proposal for some days, or decline it; it is tried anew on what was told until now',
      access: supervised,
      params: idParams,
      body: z.discriminatedUnion('decision', [
        z.strictObject({
          ...{ decision: z.literal('approve'), reason },
          days: z.int().min(1).max(LONGEST_DAYS).default(30),
        }),
        z.strictObject({ decision: z.literal('decline'), reason }),
      ]),
      answer: suppressionView,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const by = principal.personId;
        const approve = body.decision === 'approve';
        const row = await change(
          params.id,
          by,
          async (tx, before, at) => {
            if (before.state !== 'proposed') throw wrong(`It is ${before.state}`);
            const decided = { decided_by: by, decided_at: at, reason: body.reason };
            if (!approve) {
              await set(tx, params.id, { ...decided, state: 'declined' });
              return {};
            }
            const past = await pastAlerts(tx, before.camera_id, at);
            const evidence = wouldHide(before.condition, past, await contextOf(tx, before.camera_id));
            if (past.length > MOST_PAST || !isSound(evidence)) throw wrong(`It ${evidence.sentence}`);
            const expires_at = new Date(at.getTime() + body.days * 86_400_000);
            await set(tx, params.id, {
              ...{ ...decided, state: 'approved', expires_at, evidence: JSON.stringify(evidence) },
            });
            return { dismissed: evidence.dismissed, confirmed: 0, expires: expires_at.toISOString() };
          },
          approve ? 'approved' : 'declined',
        );
        return { body: await view(row) };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/suppressions/:id/end',
      id: 'endSuppression',
      tag: 'Watch',
      summary: 'End an approved suppression at once',
      access: atRow(db, 'watch_suppressions', ['operator', 'supervisor'], 'write'),
      params: idParams,
      body: z.strictObject({ reason }),
      answer: suppressionView,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const by = principal.personId;
        const row = await change(
          params.id,
          by,
          async (tx, before, at) => {
            if (before.state !== 'approved') throw wrong(`It is ${before.state}`);
            const end_reason = body.reason;
            await set(tx, params.id, { state: 'ended', ended_by: by, ended_at: at, end_reason });
            return {};
          },
          'ended',
        );
        return { body: await view(row) };
      },
    }),
  ];
}

type Row = Selectable<WatchSuppressionsTable>;

const undecided = {
  ...{ decided_by: null, decided_at: null, reason: null, expires_at: null, ended_by: null },
  ...{ ended_at: null, end_reason: null, flagged_at: null, flagged_incident: null },
};

async function set(
  tx: DatabaseTransaction,
  id: string,
  values: Updateable<WatchSuppressionsTable>,
): Promise<void> {
  await tx.updateTable('watch_suppressions').set(values).where('id', '=', id).execute();
}

function toSuppression(row: Row, hidden: number, at: Date): z.input<typeof suppressionView> {
  const isOver = row.state === 'approved' && row.expires_at !== null && row.expires_at <= at;
  return {
    ...{ id: row.id, site: row.site_id, camera: row.camera_id, condition: row.condition, hidden },
    ...{ state: isOver ? 'expired' : row.state, evidence: row.evidence, reason: row.reason },
    ...{ proposedAt: row.created_at.toISOString(), decidedBy: row.decided_by },
    expiresAt: row.expires_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    review: row.flagged_incident,
  };
}

function wrong(why: string): TidewaiterError {
  return new TidewaiterError(
    'E_WATCH_SUPPRESSION',
    why,
    'Look for proposals again; only what hides dismissed alerts and no confirmed one can be approved.',
  );
}
