import { sql } from 'kysely';
import type { ErrorReport } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import type { Chore } from './chore.ts';
import type {} from './tables.ts';

/** A chore that failed is tried again after a minute, then twice as long each time, at most as long as it usually rests. */
const FIRST_RETRY_SECONDS = 60;

/** Who does which chore, as the database knows it. A chore is held by one process at a time, for as long as that renews it. */
export class ChoreRows {
  readonly #db: Database;
  readonly #me: string;
  readonly #leaseSeconds: number;

  constructor(db: Database, me: string, leaseSeconds: number) {
    this.#db = db;
    this.#me = me;
    this.#leaseSeconds = leaseSeconds;
  }

  /** Makes them known; new ones are due at once. */
  async announce(chores: readonly Chore[]): Promise<void> {
    for (const { name, everySeconds } of chores)
      await sql`
        insert into chores (name, every_seconds) values (${name}, ${everySeconds})
        on conflict (name) do update set
          every_seconds = excluded.every_seconds,
          due_at = least(chores.due_at, clock_timestamp() + excluded.every_seconds * interval '1 s')
        where chores.every_seconds <> excluded.every_seconds`.execute(this.#db);
  }

  /** Takes the one of these that is due for longest. @returns its name, if any is due. */
  async take(names: readonly string[]): Promise<string | undefined> {
    const { rows } = await sql<{ name: string }>`
      update chores set holder = ${this.#me}, lease_until = ${this.#leaseEnd()}, started_at = clock_timestamp()
      where name = (
        select name from chores
        where name = any(${names}::text[]) and due_at <= clock_timestamp()
          and (lease_until is null or lease_until <= clock_timestamp())
        order by due_at limit 1 for update skip locked)
      returning name`.execute(this.#db);
    return rows[0]?.name;
  }

  /** @returns whether it is still held here. */
  async renew(name: string): Promise<boolean> {
    return this.#change(name, sql`lease_until = ${this.#leaseEnd()}`);
  }

  async done(name: string, result: Readonly<Record<string, number>>): Promise<void> {
    await this.#change(
      name,
      sql`holder = null, lease_until = null, finished_at = clock_timestamp(), error = null, failures = 0,
        result = ${JSON.stringify(result)}, due_at = clock_timestamp() + every_seconds * interval '1 s'`,
    );
  }

  async failed(name: string, error: ErrorReport): Promise<void> {
    await this.#change(
      name,
      sql`holder = null, lease_until = null, error = ${JSON.stringify(error)}, failures = failures + 1,
        due_at = clock_timestamp()
          + least(every_seconds, ${FIRST_RETRY_SECONDS}::float8 * power(2, least(failures, 20))) * interval '1 s'`,
    );
  }

  /** Gives one back that was broken off: it is still due. */
  async giveBack(name: string): Promise<void> {
    await this.#change(name, sql`holder = null, lease_until = null`);
  }

  #leaseEnd() {
    return sql`clock_timestamp() + ${this.#leaseSeconds}::float8 * interval '1 s'`;
  }

  async #change(name: string, set: ReturnType<typeof sql>): Promise<boolean> {
    const { numAffectedRows } = await sql`
      update chores set ${set} where name = ${name} and holder = ${this.#me}`.execute(this.#db);
    return numAffectedRows === 1n;
  }
}

/** A chore as people and measures see it. */
export interface ChoreState {
  readonly name: string;
  readonly everySeconds: number;
  readonly state: 'waiting' | 'running' | 'failing';
  readonly dueAt: Date;
  readonly startedAt: Date | null;
  /** Of the last run that ended well, as is `result`. */
  readonly finishedAt: Date | null;
  readonly result: Readonly<Record<string, number>> | null;
  /** Of the last run, if it failed. */
  readonly error: ErrorReport | null;
  /** In a row. */
  readonly failures: number;
}

export async function choreStates(db: Database): Promise<ChoreState[]> {
  const rows = await db
    .selectFrom('chores')
    .selectAll()
    .select(sql<boolean>`coalesce(lease_until > clock_timestamp(), false)`.as('held'))
    .orderBy('name')
    .execute();
  return rows.map(({ name, held, result, error, failures, ...row }) => ({
    name,
    everySeconds: row.every_seconds,
    state: held ? 'running' : error === null ? 'waiting' : 'failing',
    dueAt: row.due_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    result,
    error,
    failures,
  }));
}
