import type { ErrorReport } from '../../core/errors.ts';
import { CHANNEL, type Link } from './link.ts';
import { shareOf, type RunnerLoad, type Waiting } from './share.ts';
import type { ServiceTimes } from './times.ts';

/** A service that was taken up. */
export interface Leased {
  readonly id: string;
  readonly siteId: string;
  readonly kind: string;
  readonly settings: object;
  readonly version: number;
  readonly generation: number;
}

/** One run of a service: older and newer ones of the same service have other numbers. */
export interface Run {
  readonly id: string;
  readonly generation: number;
}

/** What has become of a service that this runner holds, or held. */
export interface Held extends Run {
  readonly mine: boolean;
  readonly wanted: 'running' | 'stopped';
  readonly version: number;
}

/** How many waiting services are dealt out at a time. */
const BATCH = 500;

/**
 * What a runner says to the database. Only the database's clock counts: those of the machines may differ. Rows that are
 * to change hands are locked `for update`, which waits for (or here: skips) what {@link fenced} holds; renewals leave
 * such rows alone only if somebody changes them at that moment, and are tried again with the next beat.
 */
export class Leases {
  readonly #link: Link;
  readonly #me: string;
  readonly #times: ServiceTimes;

  constructor(link: Link, me: string, times: ServiceTimes) {
    this.#link = link;
    this.#me = me;
    this.#times = times;
  }

  /** Tells the other runners that this one is there, and forgets those that are not. */
  async announce(capacity: number, kinds: Readonly<Record<string, number>>): Promise<void> {
    await this.#link.query(
      `insert into service_runners (id, capacity, kinds, alive_until)
       values ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')
       on conflict (id) do update set alive_until = excluded.alive_until`,
      [this.#me, capacity, JSON.stringify(kinds), this.#times.leaseMs],
    );
    await this.#link.query(
      `delete from service_runners where id in
         (select id from service_runners where alive_until <= clock_timestamp() for update skip locked)`,
      [],
    );
  }

  /** Tells the other runners that this one takes up nothing more. */
  async leave(): Promise<void> {
    await this.#link.query('delete from service_runners where id = $1', [this.#me]);
  }

  /** @returns ids of those whose lease was renewed. A lease that is over is not. */
  async renew(runs: readonly Run[]): Promise<string[]> {
    const rows = await this.#link.query<{ id: string }>(
      `update services set
         lease_until = clock_timestamp() + $4 * interval '1 ms',
         heartbeat_at = clock_timestamp(),
         failures = case when ${HEALTHY} then 0 else failures end,
         last_error = case when ${HEALTHY} then null else last_error end
       where id in (
         select s.id from services s
         join unnest($1::uuid[], $2::integer[]) as run (id, generation) using (id, generation)
         where s.owner = $3 and s.lease_until > clock_timestamp()
         for no key update of s skip locked)
       returning id`,
      [...columns(runs), this.#me, this.#times.leaseMs, this.#times.healthyMs],
    );
    return rows.map(({ id }) => id);
  }

  async check(runs: readonly Run[]): Promise<Held[]> {
    return this.#link.query<Held>(
      `select run.id, run.generation, coalesce(s.wanted, 'stopped') as wanted, coalesce(s.version, 0) as version,
         coalesce(s.owner = $3 and s.generation = run.generation and s.lease_until > clock_timestamp(), false) as mine
       from unnest($1::uuid[], $2::integer[]) as run (id, generation) left join services s on s.id = run.id`,
      [...columns(runs), this.#me],
    );
  }

  /** Services that were to stop while nobody held them, or whose holder is gone, have stopped. */
  async settle(): Promise<void> {
    await this.#link.query(
      `update services set state = 'stopped', owner = null, lease_until = null, generation = generation + 1
       where id in (
         select id from services
         where wanted = 'stopped' and state <> 'stopped' and (owner is null or lease_until <= clock_timestamp())
         for update skip locked)`,
      [],
    );
  }

  /**
   * Takes up this runner's share of what waits.
   * @param not ids of services that still end here.
   */
  async claim(not: readonly string[]): Promise<Leased[]> {
    const waiting = await this.#link.query<Waiting>(
      `select id, kind, site_id as "siteId", owner as "lostBy" from services where ${CLAIMABLE} order by created_at, id limit ${BATCH}`,
      [],
    );
    if (waiting.length === 0) return [];
    const runners = await this.#link.query<RunnerLoad>(
      `select id, capacity, kinds, coalesce(
         (select jsonb_object_agg(kind, n) from
           (select kind, count(*) as n from services
            where owner = r.id and lease_until > clock_timestamp() group by kind) as held), '{}') as load
       from service_runners r where alive_until > clock_timestamp()`,
      [],
    );
    const mine = shareOf(this.#me, waiting, runners).filter((id) => !not.includes(id));
    if (mine.length === 0) return [];
    return this.#link.query<Leased>(
      `update services set
         owner = $2, lease_until = clock_timestamp() + $3 * interval '1 ms', heartbeat_at = clock_timestamp(),
         started_at = clock_timestamp(), retry_at = null, note = null, generation = generation + 1,
         restarts = restarts + case when state = 'waiting' then 0 else 1 end, state = 'running'
       where id in (select id from services where id = any($1::uuid[]) and ${CLAIMABLE} for update skip locked)
       returning id, site_id as "siteId", kind, settings, version, generation`,
      [mine, this.#me, this.#times.leaseMs],
    );
  }

  /** Gives a run back that has ended because it was told to. */
  async release(run: Run): Promise<void> {
    await this.#end(run, `state = case wanted when 'stopped' then 'stopped' else 'waiting' end`, []);
  }

  /** Keeps why a run failed, and when the next one may begin. */
  async fail(run: Run, error: ErrorReport): Promise<void> {
    const { firstRetryMs, longestRetryMs } = this.#times;
    await this.#end(
      run,
      `state = case wanted when 'stopped' then 'stopped' else 'failed' end, last_error = $4, failures = failures + 1,
       retry_at = clock_timestamp() + least($5 * power(2, least(failures, 30)), $6) * interval '1 ms'`,
      [JSON.stringify(error), firstRetryMs, longestRetryMs],
    );
  }

  async tell(run: Run, note: string): Promise<void> {
    await this.#link.query('update services set note = $4 where id = $1 and generation = $2 and owner = $3', [
      run.id,
      run.generation,
      this.#me,
      note,
    ]);
  }

  async #end({ id, generation }: Run, changes: string, values: readonly unknown[]): Promise<void> {
    await this.#link.query(
      `with ended as (
         update services set owner = null, lease_until = null, ${changes}
         where id = $1 and generation = $2 and owner = $3 returning id)
       select pg_notify('${CHANNEL}', '') from ended`,
      [id, generation, this.#me, ...values],
    );
  }
}

const HEALTHY = `clock_timestamp() - started_at >= $5 * interval '1 ms'`;
const CLAIMABLE = `wanted = 'running' and (
  (owner is null and (retry_at is null or retry_at <= clock_timestamp())) or lease_until <= clock_timestamp())`;

function columns(runs: readonly Run[]): [string[], number[]] {
  return [runs.map(({ id }) => id), runs.map(({ generation }) => generation)];
}
