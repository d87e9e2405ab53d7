import { sql } from 'kysely';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { choreStates } from '../platform/housekeeping/chore-rows.ts';
import { listServices } from '../platform/services/services.ts';
import type { Database } from '../platform/store/database.ts';
import { watchFigures } from '../uses/watch/platform/metrics.ts';
import type { DatabaseWatch } from './database-watch.ts';

/** What whoever runs the server watches. None of it says anything about people. */
export interface Metrics {
  readonly contentType: string;
  /** @param route as it was declared, without the ids in it. */
  answered(route: string, status: number, seconds: number): void;
  /** In Prometheus' text format. While the database is gone, only what this process knows by itself. */
  text(): Promise<string>;
}

export function createMetrics(db: Database, database: DatabaseWatch): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'tidewaiter_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const refusals = new Counter({
    name: 'tidewaiter_refusals_total',
    help: 'Requests refused with 401 or 403.',
    registers,
  });
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): Gauge<Label> => new Gauge({ name: `tidewaiter_${name}`, help, labelNames, registers });
  const answers = gauge('database_up', '1 if the database answered when these figures were asked for.', []);
  const jobs = gauge('jobs', 'Jobs by queue and state; proxies are made by platform.proxy.', [
    'queue',
    'state',
  ]);
  const rested = gauge('chore_rest_seconds', 'Since a chore last ended well.', ['chore']);
  const every = gauge('chore_every_seconds', 'How often a chore is to be done.', ['chore']);
  const failures = gauge('chore_failures', 'Times in a row that a chore failed.', ['chore']);
  const services = gauge('services', 'Services such as cameras, by kind and state.', ['kind', 'state']);
  const restarts = gauge('service_restarts', 'Starts of services after a failure or a lost process.', [
    'kind',
  ]);

  const watched = watchFigures(registers);

  const fromDatabase = [jobs, rested, every, failures, services, restarts];
  async function look(): Promise<void> {
    const queued = await db
      .selectFrom('jobs')
      .select((eb) => ['queue', 'state', eb.fn.countAll<number>().as('count')])
      .groupBy(['queue', 'state'])
      .execute();
    const { rows: times } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
    const [states, served] = [await choreStates(db), await listServices(db)];
    // From here on at one go: somebody else may ask at the same time.
    for (const one of fromDatabase) one.reset();
    for (const { queue, state, count } of queued) jobs.set({ queue, state }, Number(count));
    const now = times[0]?.now.getTime() ?? Number.NaN;
    for (const { name: chore, everySeconds, failures: count, finishedAt } of states) {
      every.set({ chore }, everySeconds);
      failures.set({ chore }, count);
      if (finishedAt !== null) rested.set({ chore }, (now - finishedAt.getTime()) / 1000);
    }
    for (const { kind, state, restarts: count } of served) {
      services.inc({ kind, state });
      restarts.inc({ kind }, count);
    }
    await watched.look(db);
    answers.set(1);
  }

  return {
    contentType: registry.contentType,
    answered: (route, status, seconds) => {
      requests.observe({ route, status: String(status) }, seconds);
      if (status === 401 || status === 403) refusals.inc();
    },
    text: async () => {
      await database.orGone(look).catch(() => {
        for (const one of fromDatabase) one.reset();
        watched.reset();
        answers.set(0);
      });
      return registry.metrics();
    },
  };
}
