import { sql } from 'kysely';
import type { Database } from '../../platform/store/database.ts';
import { wilsonInterval, type Interval } from '../../stats/intervals.ts';
import type { Charter } from '../charters/charter.ts';
import { dayOf } from '../charters/days.ts';
import { hasErrors } from '../charters/finding.ts';
import { judgeCharter } from '../charters/judge.ts';
import type { Policy } from '../charters/policy.ts';
import { exportHeader, exportRow, type Reporter } from '../inventory/export.ts';
import { laneCounts } from '../redress/passages.ts';
import { countedRegistration, forgedNames, type Governed } from '../permits/seals.ts';
import { suspensionsOf } from '../permits/suspensions.ts';
import { disparityWatch, type GroupTable } from './disparity.ts';

/** Below this a count could point at somebody, so the public is told only that it is below. */
export const LEAST_PUBLIC_COUNT = 11;
const YEAR_MS = 365 * 86_400_000;

/** A count as the public sees it; null when it is not 0 and below {@link LEAST_PUBLIC_COUNT}. */
export type PublicCount = number | null;

/** What the public is told of a use: nothing of a person, no place of a camera. */
export interface PublicUse {
  readonly use: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly stage: Charter['stage'];
  readonly impact: { readonly class: Charter['impact']['class']; readonly reason: string };
  readonly decides: { readonly who: string; readonly what: string };
  readonly never: string[];
  readonly authority: string[];
  readonly models: { readonly id: string; readonly task: string; readonly digest: string }[];
  /** Findings that people decided within the last year, and those in which there was nothing; null when too few. */
  readonly decided: (Interval & { readonly n: number; readonly dismissed: number }) | null;
  readonly groups: GroupTable[];
  readonly captures: { readonly captured: PublicCount; readonly optedOut: PublicCount };
  /** Why tests or training are waived somewhere, in the words written for the public. */
  readonly waivers: string[];
  /** Whether it is stopped at the moment. */
  readonly stopped: boolean;
}

export interface PublicRecord {
  readonly uses: PublicUse[];
  /** The federal inventory of 2025: its columns, and a row for each use. */
  readonly inventory: { readonly columns: string[]; readonly rows: string[][] };
  /** Uses that are not in it, and why. */
  readonly left: { readonly use: string; readonly why: 'not-registered' | 'breaks-rules' }[];
}

/**
 * All that is public about the uses of this installation: the newest registered version of each.
 * @param policies that charters are judged by, and that name whose tests of proxies count.
 */
export async function publicRecord(
  { db, keys, uses: known }: Governed & { readonly uses: readonly string[] },
  {
    reporter,
    policies,
    now,
  }: { readonly reporter: Reporter; readonly policies: readonly Policy[]; readonly now: Date },
): Promise<PublicRecord> {
  const registered = await db
    .selectFrom('governance_registrations')
    .where(countedRegistration(await forgedNames(db, keys.seals)))
    .distinctOn('use')
    .selectAll()
    .orderBy('use')
    .orderBy('version', 'desc')
    .limit(200)
    .execute();
  const on = dayOf(now);
  // What may not be used is not reported as if it might.
  const lawful = registered.filter(({ charter }) => !hasErrors(judgeCharter(charter, policies, on).findings));
  const lanes = await laneCounts(db, undefined);
  const from = new Date(now.getTime() - YEAR_MS);
  const views: PublicUse[] = [];
  for (const { use, version, charter, models } of lawful) {
    const countOf = (kinds: readonly string[]): PublicCount =>
      shown(
        lanes
          .filter((lane) => lane.use === use && kinds.includes(lane.kind))
          .reduce((sum, { passages }) => sum + passages, 0),
      );
    views.push({
      ...{ use, version, title: charter.title, summary: charter.publicSummary, stage: charter.stage },
      ...{ impact: charter.impact, decides: { who: charter.decides.who, what: charter.decides.what } },
      ...{ never: [...charter.never], authority: charter.authority.map(({ citation }) => citation) },
      models: models.map(({ id, digest }) => ({
        ...{ id, digest, task: charter.models.find((one) => one.id === id)?.task ?? '' },
      })),
      decided: await decidedLately(db, use, from),
      groups: (await disparityWatch({ db, keys }, { use, from })).tests,
      captures: { captured: countOf(['captured']), optedOut: countOf(['alternative']) },
      waivers: await publicWaivers({ db, keys }, use, now),
      stopped: await isStopped({ db, keys }, use),
    });
  }
  return {
    uses: views,
    inventory: {
      columns: [...exportHeader.cells],
      rows: lawful.map(({ charter }) => exportRow(charter, reporter, on).cells),
    },
    left: [
      ...known
        .filter((use) => !registered.some((one) => one.use === use))
        .map((use) => ({ use, why: 'not-registered' as const })),
      ...registered
        .filter((one) => !lawful.includes(one))
        .map(({ use }) => ({ use, why: 'breaks-rules' as const })),
    ],
  };
}

function shown(count: number): PublicCount {
  return count === 0 || count >= LEAST_PUBLIC_COUNT ? count : null;
}

async function decidedLately(db: Database, use: string, from: Date): Promise<PublicUse['decided']> {
  const { rows } = await sql<{ n: number; dismissed: number }>`
    select count(*)::int as n, (count(*) filter (where disposition = 'dismissed'))::int as dismissed
    from (select distinct on (d.finding_id) d.disposition from decisions d join findings f on f.id = d.finding_id
      where f.use = ${use} and d.created_at >= ${from} order by d.finding_id, d.created_at desc, d.id desc) newest`.execute(
    db,
  );
  const { n = 0, dismissed = 0 } = rows[0] ?? {};
  return n < LEAST_PUBLIC_COUNT ? null : { n, dismissed, ...wilsonInterval(dismissed, n) };
}

async function publicWaivers({ db, keys }: Governed, use: string, now: Date): Promise<string[]> {
  const forged = await forgedNames(db, keys.seals, use);
  const rows = await db
    .selectFrom('governance_waivers as w')
    .innerJoin('governance_registrations as r', 'r.id', 'w.registration_id')
    .select('w.public_summary')
    .where('r.use', '=', use)
    .where('w.revoked_at', 'is', null)
    .where('w.expires', '>', now)
    .where(sql<boolean>`governance_counts('governance_waivers', w.id::text, w.seal, ${forged})`)
    .orderBy('w.granted_at')
    .execute();
  return rows.map((row) => row.public_summary);
}

async function isStopped({ db, keys }: Governed, use: string): Promise<boolean> {
  return (await suspensionsOf(db, keys.seals, use)).some((one) => one.lifted_at === null);
}
