export { defaultCacheDir } from './cache.ts';
export { modelCardSchema, type ModelCard, type ModelInput, type OutputFamily } from './card.ts';
export { describeModels, type ModelDescription } from './describe.ts';
export {
  measureModel,
  processStopwatch,
  type MeasureOptions,
  type ModelSpeed,
  type Stopwatch,
} from './measure.ts';
export { openModel, type OpenModelOptions } from './open.ts';
export { findModel, loadUserCards, type KnownModel, type ModelPlaces, type UserModel } from './registry.ts';
export type { FloatTensor, FloatTensors, ModelSession } from './session.ts';
