export { charter } from './charter.ts';
export { redactBatch, type BatchItem, type BatchJob } from './batch.ts';
export type { EngineOptions, LookOptions } from './engine.ts';
export {
  detectFile,
  redactFile,
  type DetectJob,
  type JobHooks,
  type RedactJob,
  type RedactOutcome,
} from './job.ts';
export { pathsFor, pathsIn, type OutputPaths } from './outputs.ts';
export { formatPlan, parsePlan, planJsonSchema, type RedactionPlan, type Region } from './plan.ts';
export { findProfile, profileNames, type Profile } from './profile.ts';
export { reasonTable, type ReasonTable } from './reasons.ts';
export { readRecord, type RedactionRecord } from './record/schema.ts';
export type { RedactionSettings } from './settings.ts';
export { exposingStyles, styles, type RedactionStyle } from './styles.ts';
