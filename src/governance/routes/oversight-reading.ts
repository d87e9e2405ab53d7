import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { permitClaimsSchema } from '../../core/permit.ts';
import { route, type Access, type Answer, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { charterSchema } from '../charters/charter.ts';
import { dayOf } from '../charters/days.ts';
import { enforcedPolicies } from '../charters/enforced.ts';
import { judgeCharter } from '../charters/judge.ts';
import { exportEncoding } from '../inventory/export.ts';
import { inventoryBytes } from '../inventory/inventory.ts';
import { exportLedger } from '../log/export.ts';
import { publicRecord } from '../oversight/public-record.ts';
import { transparencyPage } from '../oversight/transparency.ts';
import { lacksOf } from '../permits/offices.ts';
import { countedTest, forgedNames } from '../permits/seals.ts';
import { digest, moment, tag } from './shared.ts';

const kept = { tag, method: 'GET' } as const;

const reporter = z.object({
  agency: z.string().trim().min(1).max(20).describe('Its abbreviation, such as DHS.'),
  agencyName: z.string().trim().min(1).max(200),
  bureau: z.string().trim().min(1).max(200).describe('The component that is responsible.'),
  contact: z.email().describe('An address for public inquiries.'),
});

const text = z.string();
const interval = { low: z.number(), high: z.number() };
const rate = z.object({ count: z.int(), trials: z.int(), rate: z.number().nullable(), ...interval });
const publicCount = z.int().nullable().describe('Null when it is not 0 and below 11.');
const publicUse = z
  .object({
    ...{ use: text, version: z.int(), title: text, summary: text, stage: charterSchema.shape.stage },
    impact: charterSchema.shape.impact,
    decides: z.object({ who: text, what: text }),
    ...{ never: z.array(text), authority: z.array(text) },
    models: z.array(z.object({ id: text, task: text, digest })),
    decided: z.object({ n: z.int(), dismissed: z.int(), ...interval }).nullable(),
    groups: z.array(
      z.object({
        ...{ test: z.uuid(), kind: text, modelDigest: digest, testedAt: moment, simulated: z.boolean() },
        groups: z.array(z.object({ name: text, fmr: rate, fnmr: rate })),
        fourFifths: z.object({
          ratio: z.number().nullable(),
          verdict: z.enum(['kept', 'below', 'not-estimable']),
        }),
      }),
    ),
    captures: z.object({ captured: publicCount, optedOut: publicCount }),
    ...{ waivers: z.array(text), stopped: z.boolean() },
  })
  .meta({ id: 'PublicUse' });

const lineView = z.object({
  ...{ policy: text, provision: text, title: text },
  status: z.enum(['met', 'not-met', 'waived', 'not-applicable']),
  rests: z
    .enum(['evidence', 'software', 'charter'])
    .optional()
    .describe('When met, the strongest that shows it: `charter` means that nothing but its own words does.'),
  due: z.iso.date().optional().describe('When not met: it must be from this day on.'),
  by: z.array(text).describe('What shows it.'),
  missing: z.array(text),
});

/** What overseers read besides lists: a use in full, the ledger by kind, and what the public is told. */
export function oversightReadingRoutes(platform: Platform, access: Access): Route[] {
  const { db, keys, now, settings } = platform;
  const told = async (given: z.output<typeof reporter>): ReturnType<typeof publicRecord> => {
    const policies = await enforcedPolicies(settings.policies);
    return publicRecord(platform, { reporter: given, policies, now: now() });
  };
  return [
    route({
      ...{ ...kept, access, path: '/governance/oversight/registrations/:id', id: 'getUseInFull' },
      summary: 'A version of a use: charter, every rule with what shows it, models and their tests',
      params: idParams,
      answer: z.object({
        ...{ id: z.uuid(), use: text, version: z.int(), charter: charterSchema, charterDigest: digest },
        ...{ author: z.uuid(), registeredAt: moment, newest: z.boolean() },
        models: permitClaimsSchema.shape.models,
        crosswalk: z.array(lineView),
        findings: z.array(z.object({ level: text, rule: text, message: text, remedy: text })),
        tests: z.array(
          z.object({
            ...{ id: z.uuid(), kind: text, modelDigest: digest, reportDigest: digest },
            ...{ passed: z.boolean(), testedAt: moment, expires: moment },
          }),
        ),
        lacks: z.array(text),
      }),
      handle: async ({ params }) => {
        const row = await db
          .selectFrom('governance_registrations')
          .selectAll()
          .where('id', '=', params.id)
          .executeTakeFirst();
        if (row === undefined)
          throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such registration', 'Check the id.');
        const { charter, use } = row;
        const judged = judgeCharter(charter, await enforcedPolicies(settings.policies), dayOf(now()));
        const forged = await forgedNames(db, keys.seals, use);
        const tests = await db
          .selectFrom('governance_tests')
          .selectAll()
          .where('use', '=', use)
          .where(countedTest(forged))
          .orderBy('place', 'desc')
          .limit(200)
          .execute();
        const newest = await db
          .selectFrom('governance_registrations')
          .select((eb) => eb.fn.max('version').as('version'))
          .where('use', '=', use)
          .executeTakeFirst();
        const lacks = await db
          .transaction()
          .execute((tx) => lacksOf(tx, keys.seals, { registration: row.id, site: '*', now: now() }));
        return {
          body: {
            ...{ id: row.id, use, version: row.version, charter, charterDigest: row.charter_digest, lacks },
            ...{ author: row.author_id, registeredAt: row.registered_at.toISOString() },
            ...{ newest: newest?.version === row.version, models: row.models },
            crosswalk: judged.crosswalk.map((line) => ({
              ...line,
              ...{ by: [...line.by], missing: [...line.missing] },
            })),
            findings: judged.findings.map(({ level, rule, message, remedy }) => ({
              ...{ level, rule, message, remedy },
            })),
            tests: tests.map((test) => ({
              ...{ id: test.id, kind: test.kind, modelDigest: test.model_digest, passed: test.passed },
              ...{ reportDigest: test.report_digest, testedAt: test.tested_at.toISOString() },
              expires: test.expires.toISOString(),
            })),
          },
        };
      },
    }),
    route({
      ...{ ...kept, access, path: '/governance/oversight/ledger', id: 'searchLedger' },
      summary: 'Entries of the ledger, newest first, of one kind where that is asked',
      query: z.object({
        kind: z
          .string()
          .regex(/^[a-z][a-z0-9.-]{0,99}$/)
          .optional()
          .describe('`governance.signed`, or `governance` for all that begin with it.'),
        before: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answer: z.object({
        items: z.array(z.object({ index: z.int(), event: z.record(text, z.unknown()) })),
      }),
      handle: async ({ query: { kind, before, limit } }) => {
        let wanted = db.selectFrom('ledger').select(['index', 'event']);
        if (before !== undefined) wanted = wanted.where('index', '<', before);
        if (kind !== undefined)
          wanted = wanted.where(
            sql<boolean>`(event ->> 'kind' = ${kind} or starts_with(event ->> 'kind', ${`${kind}.`}))`,
          );
        const rows = await wanted.orderBy('index', 'desc').limit(limit).execute();
        const items = rows.map(({ index, event }) => ({ index, event: event as Record<string, unknown> }));
        return { body: { items } };
      },
    }),
    route({
      ...{ ...kept, access, path: '/governance/oversight/heads', id: 'listLedgerHeads' },
      summary: 'Signed heads of the ledger, newest first',
      answer: z.object({ items: z.array(z.object({ size: z.int(), note: text, signedAt: moment })) }),
      handle: async () => {
        const rows = await db
          .selectFrom('ledger_heads')
          .select(['size', 'note', 'signed_at'])
          .orderBy('size', 'desc')
          .limit(100)
          .execute();
        const items = rows.map(({ size, note, signed_at: at }) => ({
          ...{ size, note, signedAt: at.toISOString() },
        }));
        return { body: { items } };
      },
    }),
    route({
      ...{ ...kept, access, path: '/governance/oversight/ledger-file', id: 'exportLedgerFile' },
      summary: 'The whole ledger as a file that `tidewaiter governance ledger verify` checks offline',
      handle: () => Promise.resolve(file('ledger.jsonl', 'application/jsonl', exportLedger(db))),
    }),
    route({
      ...{ ...kept, access, path: '/governance/oversight/public-record', id: 'previewPublicRecord' },
      summary: 'What the inventory and the public page say, before they are downloaded',
      query: reporter,
      answer: z.object({
        uses: z.array(publicUse),
        inventory: z.object({ columns: z.array(text), rows: z.array(z.array(text)) }),
        left: z.array(z.object({ use: text, why: z.enum(['not-registered', 'breaks-rules']) })),
      }),
      handle: async ({ query }) => ({ body: await told(query) }),
    }),
    route({
      ...{ ...kept, access, path: '/governance/oversight/inventory', id: 'exportOwnInventory' },
      summary: 'The uses of this installation in the format of the federal inventory of 2025',
      query: reporter,
      handle: async ({ query }) => {
        const { inventory } = await told(query);
        const rows = inventory.rows.map((cells) => ({ cells, end: '\r\n' }));
        const header = { cells: inventory.columns, end: '\r\n', line: 1 };
        const records = Readable.from(rows) as AsyncIterable<(typeof rows)[number]>;
        const bytes = inventoryBytes({ encoding: exportEncoding, header, records });
        return file('ai-use-case-inventory.csv', 'text/csv; charset=utf-8', bytes);
      },
    }),
    route({
      ...{ ...kept, access, path: '/governance/oversight/transparency', id: 'exportTransparencyPage' },
      summary: 'The public page about all uses: one file of HTML that loads and runs nothing',
      query: reporter,
      handle: async ({ query }) => {
        const page = transparencyPage(await told(query), query, dayOf(now()));
        return file('ai-transparency.html', 'text/html; charset=utf-8', [page]);
      },
    }),
  ];
}

/** Sent as an attachment that browsers do not open in the place of the console. */
function file(
  name: string,
  type: string,
  pieces: AsyncIterable<Uint8Array | string> | Iterable<string>,
): Answer<Readable> {
  return {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
    },
    body: Readable.from(pieces),
  };
}
