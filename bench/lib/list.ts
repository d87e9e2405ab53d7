import type { Bench } from './bench.ts';

/** All benches by name, in the order in which they run; each is loaded only when it runs. */
export const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  speed: () => import('../speed.ts'),
  efficiency: () => import('../efficiency.ts'),
  picture: () => import('../picture.ts'),
  exactness: () => import('../exactness.ts'),
  faults: () => import('../faults.ts'),
  heads: () => import('../heads.ts'),
  'seeded-leaks': () => import('../seeded-leaks.ts'),
  'outside-masks': () => import('../outside-masks.ts'),
  reidentification: () => import('../reidentification.ts'),
  recall: () => import('../recall.ts'),
  tracking: () => import('../tracking.ts'),
  mutations: () => import('../mutations.ts'),
  tampering: () => import('../tampering.ts'),
  platform: () => import('../platform.ts'),
  console: () => import('../console.ts'),
  jobs: () => import('../jobs.ts'),
  ledger: () => import('../ledger.ts'),
  kill: () => import('../kill.ts'),
  backup: () => import('../backup.ts'),
  memory: () => import('../memory.ts'),
};
