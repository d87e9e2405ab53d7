import { compute } from './job-kind.ts';

/** The work of so many jobs, without any queue: `bare-compute.ts COUNT MS`. */
const [count, ms] = process.argv.slice(2).map(Number);
for (let job = 0; job < (count ?? 0); job++) compute(ms ?? 0);
