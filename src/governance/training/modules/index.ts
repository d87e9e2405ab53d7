import type { TrainingModule } from '../module.ts';
import { faceTests } from './faces.ts';
import { oversightOffices } from './oversight.ts';
import { redactionReview } from './redaction.ts';
import { watchAlerts } from './watch.ts';

/** All modules of this version. A new one is one more line here. */
export const trainingModules: readonly TrainingModule[] = [
  redactionReview,
  watchAlerts,
  faceTests,
  oversightOffices,
];
