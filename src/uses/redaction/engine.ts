import { createPublicKey } from 'node:crypto';
import { permitStamp, type Permit } from '../../core/permit.ts';
import type { EngineOptions as CommonEngineOptions } from '../../host/engine-options.ts';
import { findModel, type ModelPlaces } from '../../models/index.ts';
import { lowestObjectScore, type EffortSettings } from '../../vision/effort.ts';
import { InferencePool } from '../../vision/inference-pool.ts';
import { defaultModels, SceneDetector, type SceneModels } from '../../vision/scene-detector.ts';
import { charter } from './charter.ts';
import type { RedactionPlan } from './plan.ts';

/** What a worker needs to run models, under a permit of the command line or of a platform. */
export interface EngineOptions extends CommonEngineOptions {
  /** What for and where, on a platform. */
  readonly purpose?: string;
  readonly site?: string;
  /** The newest lease of the permit, in a worker that runs under one: models are opened under it. */
  readonly lease?: () => Promise<Permit>;
}

/** What is looked for, and how hard. */
export interface LookOptions {
  readonly effort: EffortSettings;
  /** Registered detectors that run besides the built-in ones. */
  readonly models: readonly string[];
  readonly words: readonly string[];
  readonly patterns: readonly string[];
}

/** Models in running threads, and the detector that uses them. */
export interface Engine {
  readonly detector: SceneDetector;
  readonly effort: EffortSettings;
  readonly models: RedactionPlan['models'];
  /** Classes that the user's own models find. */
  readonly chosenClasses: readonly string[];
  readonly stamp: string | undefined;
  close(): Promise<void>;
}

/**
 * Starts the models an effort needs. Every model is opened under the permit.
 * @throws TidewaiterError what the permit or a model refuses.
 */
export async function startEngine(options: EngineOptions, look: LookOptions): Promise<Engine> {
  const { effort } = look;
  const scene: SceneModels = { ...defaultModels, extra: look.models };
  const wanted = [
    { id: scene.objects, threshold: lowestObjectScore(effort) },
    { id: scene.faces, threshold: effort.faceThreshold },
    ...(effort.faceTile === false ? [] : [{ id: scene.smallFaces, threshold: effort.smallFaceThreshold }]),
    ...(effort.text === undefined
      ? []
      : [
          { id: scene.textDetector, threshold: TEXT_THRESHOLD },
          { id: scene.textRecogniser, threshold: 0 },
        ]),
    ...(await Promise.all(
      look.models.map(async (id) => ({
        id,
        threshold: (await findModel(id, places(options))).card.threshold,
      })),
    )),
  ];
  const pool = await InferencePool.start({
    models: wanted,
    permit: (await options.lease?.()) ?? options.permit,
    ...(options.publicKey === undefined ? {} : { publicKey: createPublicKey(options.publicKey) }),
    now: new Date(),
    use: charter.use,
    purpose: options.purpose,
    site: options.site,
    cacheDir: options.cacheDir,
    ...(options.userDir === undefined ? {} : { userDir: options.userDir }),
    // Naming a model of unclear licence is the act of choosing it.
    allowUnclearLicence: look.models.length > 0,
    threads: options.threads,
  });
  const models = wanted.map(({ id, threshold }) => ({ id, digest: pool.card(id).digest, threshold }));
  return {
    detector: new SceneDetector(pool, effort, scene, { words: look.words, patterns: look.patterns }),
    effort,
    models,
    chosenClasses: [...new Set(look.models.flatMap((id) => pool.card(id).classes))].filter(
      (name) => name !== '',
    ),
    stamp: permitStamp(options.permit),
    close: () => pool.close(),
  };
}

const TEXT_THRESHOLD = 0.5;

function places({ cacheDir, userDir }: EngineOptions): ModelPlaces {
  return { cacheDir, ...(userDir === undefined ? {} : { userDir }) };
}
