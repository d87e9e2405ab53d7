import { randomUUID } from 'node:crypto';
import { fromKysely, PgBoss, type Job } from 'pg-boss';
import { TidewaiterError, toErrorReport } from '../../core/errors.ts';
import type { PermitSource } from '../../host/permit-source.ts';
import { reportFault, ruleOfSchema } from '../store/faults.ts';
import type { Connection, Database, DatabaseTransaction } from '../store/database.ts';
import type { JobAboutToStart, JobKind } from './kind.ts';
import { latest } from './latest.ts';

/** A worker that says nothing for this long is taken for dead, and its job given to another. */
const HEARTBEAT_SECONDS = 10;
/** How often the queue is searched for such jobs. Together they stay below half a minute. */
const MONITOR_SECONDS = 4;
/** A job may take a day: recordings are long. */
const LONGEST_SECONDS = 24 * 60 * 60;
const RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 10 * 60;
/** A notice of the database wakes a worker at once; jobs that are given back come without one. */
const POLL_SECONDS = 2;
const PROGRESS_MS = 500;

export interface JobsOptions {
  readonly connection: Connection;
  readonly db: Database;
  readonly kinds: readonly JobKind[];
  /** Asked before each try for what models may run under; what it throws ends the job. Here rules on the use of AI are enforced. */
  readonly beforeStart?: (job: JobAboutToStart) => Promise<PermitSource | undefined>;
  /** Faults of the queue itself, which goes on by itself, and of a job that are ours to mend, of which its row has no inside. */
  readonly onError: (error: Error) => void;
}

/** A job to be done. */
export interface NewJob {
  readonly kind: JobKind;
  readonly siteId: string;
  readonly caseId?: string;
  readonly input: object;
  readonly by: string;
  /** Higher ones are taken first; 0 by default. */
  readonly priority?: number;
}

/** The queue of one process: it hands in work, and does work once told to. */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #options: JobsOptions;
  readonly #running = new Map<string, AbortController>();

  private constructor(boss: PgBoss, options: JobsOptions) {
    this.#boss = boss;
    this.#options = options;
  }

  static async start(options: JobsOptions): Promise<Jobs> {
    const { connections: _, ...connection } = options.connection;
    const boss = new PgBoss({
      ...connection,
      max: 4,
      schema: 'queue',
      monitorIntervalSeconds: MONITOR_SECONDS,
      superviseIntervalSeconds: MONITOR_SECONDS,
      useListenNotify: true,
    });
    boss.on('error', options.onError);
    await boss.start();
    for (const kind of options.kinds) await prepare(boss, kind);
    return new Jobs(boss, options);
  }

  /**
   * Hands in a job, in the transaction of what it belongs to: with that it comes to be, or not at all.
   * @returns its id.
   */
  async enqueue(
    tx: DatabaseTransaction,
    { kind, siteId, caseId, input, by, priority = 0 }: NewJob,
  ): Promise<string> {
    const id = randomUUID();
    await tx
      .insertInto('jobs')
      .values({
        id,
        site_id: siteId,
        queue: kind.queue,
        use: kind.use,
        case_id: caseId ?? null,
        input: JSON.stringify(kind.input.parse(input)),
        state: 'queued',
        created_by: by,
      })
      .execute();
    await this.#boss.send(kind.queue, {}, { id, priority, db: fromKysely(tx) });
    return id;
  }

  /**
   * Cancels a job that has not ended. The process that does it, wherever it is, notices within seconds.
   * @returns whether there was anything to cancel.
   */
  async cancel(tx: DatabaseTransaction, id: string): Promise<boolean> {
    const job = await tx
      .updateTable('jobs')
      .set({ state: 'cancelled', finished_at: new Date() })
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'running'])
      .returning(['queue'])
      .executeTakeFirst();
    if (job === undefined) return false;
    await this.#boss.cancel(job.queue, id, { db: fromKysely(tx) });
    this.#running
      .get(id)
      ?.abort(new TidewaiterError('E_CANCELLED', 'The job was cancelled', 'Start it again.'));
    return true;
  }

  /** Begins to take up jobs. */
  async work(): Promise<void> {
    const settings = {
      batchSize: 1,
      pollingIntervalSeconds: POLL_SECONDS,
      notifyPollingIntervalSeconds: POLL_SECONDS,
    };
    for (const kind of this.#options.kinds)
      for (let place = 0; place < kind.concurrency; place++) {
        const id: string = await this.#boss.work(kind.queue, settings, async ([job]: Job[]) => {
          // Where there was a job there may be another: the next is asked for at once, not after the pause.
          this.#boss.notifyWorker(id);
          if (job !== undefined) await this.#attempt(kind, job);
        });
      }
  }

  /** Takes up nothing more, waits for what runs (at most so long), and closes. */
  async stop(graceSeconds: number): Promise<void> {
    const timer = setTimeout(() => {
      for (const running of this.#running.values()) running.abort(stopping());
    }, graceSeconds * 1000);
    try {
      await this.#boss.stop({ graceful: true, timeout: (graceSeconds + 10) * 1000 });
    } finally {
      clearTimeout(timer);
    }
  }

  async #attempt(kind: JobKind, claim: Job): Promise<void> {
    const { db, beforeStart } = this.#options;
    const row = await db
      .updateTable('jobs')
      .set((eb) => ({
        state: 'running',
        attempt: eb('attempt', '+', 1),
        started_at: new Date(),
        error: null,
      }))
      .where('id', '=', claim.id)
      .where('state', 'in', ['queued', 'running'])
      .returningAll()
      .executeTakeFirst();
    // It was done or cancelled, and only the queue had not heard of it.
    if (row === undefined) return;
    if (row.attempt > kind.retries + 1) {
      const error = JSON.stringify(toErrorReport(gaveUp(row.attempt - 1)));
      await this.#end(claim.id, row.attempt, { state: 'failed', error });
      return;
    }
    const own = new AbortController();
    this.#running.set(claim.id, own);
    const telling = latest(PROGRESS_MS, (progress: string) => this.#tell(claim.id, row.attempt, progress));
    try {
      const input = kind.input.parse(row.input);
      const about = {
        id: row.id,
        siteId: row.site_id,
        caseId: row.case_id ?? undefined,
        createdBy: row.created_by,
        input,
      };
      const { use, queue, purpose = use } = kind;
      const result = await kind.run({
        ...about,
        attempt: row.attempt,
        signal: AbortSignal.any([claim.signal, own.signal]),
        permit: await beforeStart?.({ ...about, use, queue, purpose }),
        progress: (progress) => telling.put(JSON.stringify(progress)),
      });
      await telling.end();
      await this.#end(claim.id, row.attempt, { state: 'done', result: JSON.stringify(result) });
    } catch (error) {
      await telling.end();
      await this.#failed(kind, claim, row.attempt, own.signal.aborted ? own.signal.reason : error);
    } finally {
      this.#running.delete(claim.id);
    }
  }

  /** An answer ends the job; a fault is tried again, as long as tries are left. */
  async #failed(kind: JobKind, claim: Job, attempt: number, fault: unknown): Promise<void> {
    const error = ruleOfSchema(fault) ?? fault;
    const told = reportFault(error, 'Give the number of the job to who runs this server.');
    if (told.code === 'E_INTERNAL' && error instanceof Error) this.#options.onError(error);
    const report = JSON.stringify(told);
    const code = error instanceof TidewaiterError ? error.code : undefined;
    const answered = code !== undefined && !passing.has(code);
    const stopped = code === STOPPING;
    if (answered || (attempt > kind.retries && !stopped)) {
      await this.#end(claim.id, attempt, { state: 'failed', error: report });
      return;
    }
    await this.#options.db
      .updateTable('jobs')
      // That this process stops is no fault of the job.
      .set({ state: 'queued', error: report, attempt: stopped ? attempt - 1 : attempt })
      .where('id', '=', claim.id)
      .where('attempt', '=', attempt)
      .where('state', '=', 'running')
      .execute();
    throw error;
  }

  /** Keeps what came of a try, unless the job was cancelled or another try has begun. */
  async #end(
    id: string,
    attempt: number,
    outcome: { readonly state: 'done' | 'failed'; readonly result?: string; readonly error?: string },
  ): Promise<void> {
    await this.#options.db
      .updateTable('jobs')
      .set({ ...outcome, finished_at: new Date() })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('state', '=', 'running')
      .execute();
  }

  async #tell(id: string, attempt: number, progress: string): Promise<void> {
    await this.#options.db
      .updateTable('jobs')
      .set({ progress })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('state', '=', 'running')
      .execute();
  }
}

const STOPPING = 'E_STOPPING';

/** Errors that say something about the moment and not about the job. */
const passing: ReadonlySet<string> = new Set([
  'E_WORKER_DIED',
  'E_WORKER_MEMORY',
  'E_STALLED',
  'E_NO_SPACE',
  'E_OBJECTS_UNREACHABLE',
  'E_PERMIT_STORE',
  'E_WEBHOOK_FAILED',
  STOPPING,
]);

function stopping(): TidewaiterError {
  return new TidewaiterError(STOPPING, 'This process is stopping', 'Another one will take the job up again.');
}

function gaveUp(attempts: number): TidewaiterError {
  return new TidewaiterError(
    'E_JOB_GAVE_UP',
    `The process that did the job died in each of ${attempts} tries`,
    'Look into the log of the server, then start the job again.',
  );
}

/** Queues are made by whoever comes first, and brought in line with today's settings by everybody. */
async function prepare(boss: PgBoss, kind: JobKind): Promise<void> {
  const settings = {
    // How often a job is tried is decided by what went wrong; this only bounds it.
    retryLimit: kind.retries + 20,
    retryDelay: RETRY_SECONDS,
    retryBackoff: true,
    retryDelayMax: LONGEST_RETRY_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: LONGEST_SECONDS,
    notify: true,
  };
  await boss.createQueue(kind.queue, settings);
  await boss.updateQueue(kind.queue, settings);
}
