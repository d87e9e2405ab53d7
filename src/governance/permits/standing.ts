import { sql } from 'kysely';
import type { PermitClaims } from '../../core/permit.ts';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Mode } from './mode.ts';
import { askSealed, evidenceOf, idOf, toldOf, type Evidence } from './seals.ts';

/** Work that wants to run models: of which use, what for, where, and for whom. */
export interface Wanted {
  readonly use: string;
  readonly purpose: string;
  readonly site: string;
  /** Who asked for the work. */
  readonly person: string;
  readonly caseId?: string | undefined;
}

/** A permit as it is kept, and whether what it rests on still holds. */
export interface KeptPermit {
  readonly id: string;
  readonly registration: string;
  /** Changes with the charter of the registration, which never should. */
  readonly charterMark: string;
  readonly claims: PermitClaims;
  readonly signature: string;
  readonly revoked: boolean;
  /** What its registration lacks now. */
  readonly lacks: readonly string[];
  readonly trained: boolean;
}

/** All that decides whether work may run, read at one moment. */
export interface Standing {
  readonly mode: Mode;
  readonly suspended: boolean;
  /** The latest moment that was seen here, if any was. */
  readonly latest: Date | null;
  /** Of the use, newest first; those of the site and purpose before others. */
  readonly permits: readonly KeptPermit[];
}

/** Of how many permits it is found out what they lack: the newest ones that fit decide. */
const MOST_PERMITS = 8;

/** One question to the database, so that nothing changes in between. */
export async function readStanding(
  db: Database,
  seals: Seals,
  { wanted, now }: { readonly wanted: Wanted; readonly now: Date },
): Promise<Standing> {
  const { permits, forged, ...standing } = await askSealed(seals, (names) => ask(db, names, { wanted, now }));
  return { ...standing, permits: permits.map((kept) => ({ ...kept, lacks: toldOf(kept.lacks, forged) })) };
}

async function ask(
  db: Database,
  forged: readonly string[],
  { wanted: { use, purpose, site, person }, now }: { readonly wanted: Wanted; readonly now: Date },
): Promise<Standing & { readonly evidence: readonly Evidence[] }> {
  const { rows } = await sql<Standing & { readonly evidence: readonly Evidence[] }>`select
      governance_mode(${forged}) as mode,
      exists (select 1 from governance_suspensions s where s.use = ${use} and governance_lifted(s.id, ${forged}) is null)
        as suspended,
      (select c.latest from governance_clock c) as latest,
      coalesce((select json_agg(json_build_object('id', p.id, 'registration', p.registration_id,
          'charterMark', (select md5(r.charter::text) from governance_registrations r where r.id = p.registration_id), 'claims', p.claims, 'signature', p.signature,
          'revoked', p.revoked_at is not null,
          'lacks', governance_lacks(p.registration_id, ${site}, ${now}, ${forged}),
          'trained', governance_trained(${idOf(person)}::uuid, ${use}, ${site}, ${now}, ${forged})
            or governance_waived(p.registration_id, ${site}, 'training', ${now}, ${forged})) order by p.rank)
        from (select *, row_number() over (order by (purpose = ${purpose} and site in (${site}, '*')) desc,
            (revoked_at is null and expires > ${now}) desc, issued_at desc) as rank
          from governance_permits where use = ${use} order by rank limit ${MOST_PERMITS}) p), '[]') as permits,
      ${evidenceOf(use, person)} as evidence
  `.execute(db);
  const [standing] = rows;
  if (standing === undefined) throw new TypeError('a select without a source has one row');
  return standing;
}

/** Keeps how far time has come, a few seconds behind. */
export async function noteTime(db: Database, now: Date): Promise<void> {
  await sql`insert into governance_clock as c (latest) values (${now})
    on conflict (single) do update set latest = excluded.latest where c.latest < excluded.latest`.execute(db);
}
