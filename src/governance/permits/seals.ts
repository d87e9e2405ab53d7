import { sql, type Insertable, type RawBuilder, type SqlBool } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { PlatformKeys } from '../../platform/platform.ts';
import type { MasterKey } from '../../platform/secrets/master-key.ts';
import { hasSeals, openSeals, readSeals, type Seals } from '../../platform/secrets/seals.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import type { ActsTable } from './tables.ts';

/** Where rows that let something run are kept, with its seals. */
export interface Governed {
  readonly db: Database;
  readonly keys: Pick<PlatformKeys, 'seals'>;
}

/** Tables with rows that count only with a seal, and what names a row. */
const sealedBy = {
  governance_registrations: 'id',
  governance_sign_offs: 'place',
  governance_tests: 'place',
  governance_training: 'place',
  governance_waivers: 'id',
  governance_acts: 'place',
  governance_modes: 'place',
  acceptance_sets: 'commitment',
  training_releases: 'place',
  training_requirements: 'place',
} as const;
export type SealedTable = keyof typeof sealedBy;

/** A row that lets something run, as the view `governance_evidence` has it. */
export interface Evidence {
  readonly kind: SealedTable;
  readonly key: string;
  readonly facts: string;
  readonly seal: string | null;
}

const PURPOSE = 'governance-evidence';
/** Of what was sealed in a later version. Its key seals nothing: that it is there says that what was before is sealed. */
const LATER = {
  purpose: 'governance-evidence-training',
  kinds: ['training_releases', 'training_requirements'],
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The seals of this installation. With the first key, whatever is there already is sealed, which the ledger tells; a row that
 * comes in unsealed after that stays so. Where seals of a lost key are, nothing is sealed: they hold no more.
 * @throws TidewaiterError `E_SECRET_DAMAGED`, `E_MASTER_KEY`.
 */
export async function openEvidenceSeals(db: Database, masterKey: MasterKey, now: Date): Promise<Seals> {
  const sealAll = async (tx: DatabaseTransaction, seals: Seals, rows: readonly Evidence[]): Promise<void> => {
    if (rows.length === 0 || rows.some(({ seal }) => seal !== null)) return;
    for (const { kind, key } of rows) await sealRow(tx, seals, kind, key);
    const facts = { rows: rows.length };
    await append(tx, { kind: 'governance.sealed', at: now, actor: 'system', subjects: {}, facts });
  };
  const seals = await openSeals(db, masterKey, PURPOSE, async (tx, made) =>
    sealAll(tx, made, await evidenceIn(tx)),
  );
  await openSeals(db, masterKey, LATER.purpose, async (tx) =>
    sealAll(
      tx,
      seals,
      (await evidenceIn(tx)).filter(({ kind }) => LATER.kinds.includes(kind)),
    ),
  );
  return seals;
}

/**
 * Of the rows that let something run those that this installation did not write; undefined while it has no key of seals.
 * @param masterKey opens it, when there is a key to unwrap.
 * @throws TidewaiterError `E_SECRET_DAMAGED`, `E_MASTER_KEY`.
 */
export async function findForged(
  db: Database,
  masterKey: () => Promise<MasterKey>,
): Promise<readonly Evidence[] | undefined> {
  if (!(await hasSeals(db, PURPOSE))) return undefined;
  return unsealed(await readSeals(db, await masterKey(), PURPOSE), await evidenceIn(db));
}

/** Seals a row that was written in this transaction. */
export async function sealRow(
  tx: DatabaseTransaction,
  seals: Seals,
  table: SealedTable,
  key: string | number,
): Promise<void> {
  const named = sql`${sql.ref(`t.${sealedBy[table]}`)} = ${key}`;
  const { rows } = await sql<{ facts: string }>`
    select governance_facts(t) as facts from ${sql.table(table)} t where ${named}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new TypeError(`${table} has no row ${key} to seal`);
  await sql`update ${sql.table(table)} t set seal = ${seals.make(table, row.facts)} where ${named}`.execute(
    tx,
  );
}

/** Keeps what somebody did that lets something run, sealed. */
export async function act(
  tx: DatabaseTransaction,
  seals: Seals,
  done: Omit<Insertable<ActsTable>, 'place' | 'seal'>,
): Promise<void> {
  const { place } = await tx
    .insertInto('governance_acts')
    .values(done)
    .returning('place')
    .executeTakeFirstOrThrow();
  await sealRow(tx, seals, 'governance_acts', place);
}

/** For {@link askSealed}: all rows of a use that may let it run, for one person where that matters, as JSON. */
export function evidenceOf(use: string | RawBuilder<unknown>, person?: string): RawBuilder<unknown> {
  return sql`coalesce((select json_agg(json_build_object('kind', e.kind, 'key', e.key, 'facts', e.facts, 'seal', e.seal))
    from governance_evidence e where e.use in (${use}, '*') and (e.person_id is null or e.person_id = ${idOf(person)}::uuid)), '[]')`;
}

/** The id of a person; null for the system itself, whose work is for nobody. */
export function idOf(person: string | undefined): string | null {
  return person !== undefined && UUID.test(person) ? person : null;
}

/** As often as rows that others wrote may come in while it is asked. */
const MOST_TIMES = 5;

/**
 * Asks until the answer rests on no row that this installation did not write.
 * @param ask what is asked without counting these rows. Its evidence is read in the same statement, so that the answer rests on nothing else.
 * @throws TidewaiterError `E_PERMIT_LACKS` when ever more such rows come in.
 */
export async function askSealed<T extends { readonly evidence: readonly Evidence[] }>(
  seals: Seals,
  ask: (forged: readonly string[]) => Promise<T>,
): Promise<T & { readonly forged: readonly Evidence[] }> {
  let known: readonly string[] = [];
  for (let times = 0; times < MOST_TIMES; times++) {
    const answer = await ask(known);
    const forged = unsealed(seals, answer.evidence);
    const names = forged.map(nameOf);
    if (names.every((name) => known.includes(name))) return { ...answer, forged };
    known = names;
  }
  throw new TidewaiterError(
    'E_PERMIT_LACKS',
    'Rows that permits rest on keep coming in from elsewhere',
    'Find out who writes to the database: see docs/permits.md.',
  );
}

/** Names of rows, without training, that this installation did not write, to give to functions of the schema. */
export async function forgedNames(
  tx: Database | DatabaseTransaction,
  seals: Seals,
  use?: string,
): Promise<string[]> {
  return unsealed(seals, await evidenceIn(tx, use ?? null)).map(nameOf);
}

/** Of registrations, those that were written here. */
export function countedRegistration(forged: readonly string[]): RawBuilder<SqlBool> {
  return sql`governance_counts('governance_registrations', id::text, seal, ${forged})`;
}

/** Of sign-offs, those that count: each that returns a version, and those that sign it and were written here. */
export function countedWord(forged: readonly string[]): RawBuilder<SqlBool> {
  return sql`(verdict <> 'signed' or governance_counts('governance_sign_offs', place::text, seal, ${forged}))`;
}

/** Of tests, those that count: each that failed, and those that passed and were written here. */
export function countedTest(forged: readonly string[]): RawBuilder<SqlBool> {
  return sql`(not passed or governance_counts('governance_tests', place::text, seal, ${forged}))`;
}

/** Adds to what a use lacks, if anything, that there are rows which would help if this installation had written them. */
export function toldOf(lacks: readonly string[], forged: readonly Evidence[]): string[] {
  if (lacks.length === 0) return [];
  const tables = [...new Set(forged.map(({ kind }) => kind))].sort();
  return [...lacks, ...tables.map((table) => `a row of ${table} was not written by this installation`)];
}

export function nameOf({ kind, key }: Pick<Evidence, 'kind' | 'key'>): string {
  return `${kind} ${key}`;
}

function unsealed(seals: Seals, rows: readonly Evidence[]): Evidence[] {
  return rows.filter(({ kind, facts, seal }) => !seals.holds(kind, facts, seal));
}

/** All rows; of all uses when `use` is null, of one else, and then without training. */
async function evidenceIn(tx: Database | DatabaseTransaction, use?: string | null): Promise<Evidence[]> {
  const which =
    use === undefined ? sql`true` : sql`person_id is null and (${use}::text is null or use in (${use}, '*'))`;
  const { rows } = await sql<Evidence>`
    select kind, key, facts, seal from governance_evidence where ${which}`.execute(tx);
  return rows;
}
