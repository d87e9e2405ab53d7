import type { Operations } from '../../../client/index.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import type { Progress, ReportProgress } from '../../../core/progress.ts';
import type { Talk } from './talk.ts';

type Job = Operations['getJob']['answer'];

/** A stream of events says that it is still there four times as often. */
const SILENT_MS = 60_000;
const CANCEL_MS = 10_000;

/**
 * Watches a job to its end, over as many connections as it takes.
 * @returns its result.
 * @throws TidewaiterError what it failed with.
 */
export async function follow(
  talk: Talk,
  id: string,
  onProgress?: ReportProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const { state, result, error } = await talk.persist((alive) =>
    watch(talk, id, (job) => {
      alive();
      const progress = progressOf(job);
      if (progress !== undefined) onProgress?.(progress);
    }),
  );
  if (state === 'done' && result !== null) return result;
  if (error !== null) throw new TidewaiterError(error.code, error.message, error.remedy);
  throw new TidewaiterError('E_CANCELLED', 'The job was cancelled at the platform', 'Start it again.');
}

async function watch(talk: Talk, id: string, onJob: (job: Job) => void): Promise<Job> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENT_MS);
  try {
    const signal = talk.until(silent.signal);
    const { body } = await talk.client.fetch('watchJob', { params: { id }, signal });
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      timer.refresh();
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue;
        const job = JSON.parse(line.slice(6)) as Job;
        onJob(job);
        if (job.finishedAt !== null) return job;
      }
    }
    // A server that stops ends its streams; this one is to be asked for again.
    throw new TypeError('the stream of events ended before the job');
  } finally {
    clearTimeout(timer);
    silent.abort();
  }
}

const units: Readonly<Record<Progress['unit'], true>> = {
  frames: true,
  pictures: true,
  bytes: true,
  clips: true,
};

function progressOf({ state, progress }: Job): Progress | undefined {
  if (state !== 'running' || progress === null || !isUnit(progress.unit)) return undefined;
  return { ...progress, unit: progress.unit };
}

function isUnit(unit: string): unit is Progress['unit'] {
  return Object.hasOwn(units, unit);
}

/** Stops a job, for who stops this program. @returns whether the platform took notice. */
export async function cancel({ client }: Talk, id: string): Promise<boolean> {
  return client.call('cancelJob', { params: { id }, signal: AbortSignal.timeout(CANCEL_MS) }).then(
    () => true,
    () => false,
  );
}
