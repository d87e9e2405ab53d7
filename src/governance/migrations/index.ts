import type { SchemaStep } from '../../platform/store/migrate.ts';
import { logStep } from './2026-11-22-1900-log.ts';
import { permitsStep } from './2026-11-22-1910-permits.ts';
import { enforcementStep } from './2026-11-22-1920-enforcement.ts';
import { redressStep } from './2026-11-22-2310-redress.ts';
import { oversightStep } from './2026-11-22-2311-oversight.ts';
import { acceptanceStep } from './2026-11-22-2320-acceptance.ts';
import { trainingStep } from './2026-11-22-2330-training.ts';
import { questionsStep } from './2026-11-23-0250-questions.ts';
import { sealedRowsStep } from './2026-11-23-0700-sealed-rows.ts';
import { driftNewsStep } from './2026-11-23-0720-drift-news.ts';
import { faceTestsAndRolesStep } from './2026-11-23-0750-face-tests-and-roles.ts';
import { biasThresholdsStep } from './2026-11-23-1200-bias-thresholds.ts';
import { sealedTrainingStep } from './2026-11-23-1400-sealed-training.ts';
import { incidentsStopStep } from './2026-11-23-1450-incidents-stop.ts';
import { sealedGroupsStep } from './2026-11-23-1730-sealed-groups.ts';

/** Steps of the schema that the log, permits and enforcement records need. */
export const governanceSchema: readonly SchemaStep[] = [
  logStep,
  permitsStep,
  enforcementStep,
  redressStep,
  oversightStep,
  acceptanceStep,
  trainingStep,
  questionsStep,
  sealedRowsStep,
  driftNewsStep,
  faceTestsAndRolesStep,
  biasThresholdsStep,
  sealedTrainingStep,
  incidentsStopStep,
  sealedGroupsStep,
];
