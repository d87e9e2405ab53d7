import { createPublicKey } from 'node:crypto';
import type { ModelReference } from '../../core/observation.ts';
import { permitStamp } from '../../core/permit.ts';
import type { EngineOptions } from '../../host/engine-options.ts';
import { InferencePool } from '../../vision/inference-pool.ts';
import { WindowDetector } from '../../vision/motion/window-detector.ts';
import { charter } from './charter.ts';
import { lowestScore, watchedClasses } from './tuning.ts';

/** In floating point: what it finds in the dark was measured so, and a permit is for these bytes. */
const MODEL = 'coco-ssdlite';

/** The model in running threads. */
export interface Engine {
  readonly detector: WindowDetector;
  readonly model: ModelReference & { readonly threshold: number };
  readonly stamp: string | undefined;
  close(): Promise<void>;
}

/** @throws TidewaiterError what the permit or the model refuses. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const id = MODEL;
  const pool = await InferencePool.start({
    models: [{ id, threshold: lowestScore }],
    permit: options.permit,
    ...(options.publicKey === undefined ? {} : { publicKey: createPublicKey(options.publicKey) }),
    now: new Date(),
    use: charter.use,
    cacheDir: options.cacheDir,
    threads: options.threads,
  });
  return {
    detector: new WindowDetector(pool, { model: id, threshold: lowestScore, classes: watchedClasses }),
    model: { id, digest: pool.card(id).digest, threshold: lowestScore },
    stamp: permitStamp(options.permit),
    close: () => pool.close(),
  };
}
