import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { jobKind, type JobKind } from '../../src/platform/jobs/kind.ts';

/** Jobs that compute, wait, or do nothing, so long. */
export const benchJob: JobKind = jobKind({
  queue: 'bench.work',
  use: 'platform',
  input: z.strictObject({ what: z.enum(['compute', 'wait', 'nothing']), ms: z.number() }),
  concurrency: 1,
  retries: 0,
  run: async ({ input: { what, ms } }) => {
    if (what === 'wait') await sleep(ms);
    if (what === 'compute') compute(ms);
    return {};
  },
});

/** A fixed amount of work that takes about so long on an idle core: on a busy one it takes longer. */
export function compute(ms: number): void {
  let value = 1;
  for (let step = 0; step < ms * 500_000; step++) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
  if (value === 0.5) throw new Error('never');
}
