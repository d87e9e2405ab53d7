import { toErrorReport, type ErrorReport } from '../core/errors.ts';
import { evaluationPermit } from '../core/permit.ts';
import { serveChild } from '../host/child.ts';
import {
  describeModels,
  measureModel,
  processStopwatch,
  type ModelDescription,
  type ModelSpeed,
} from '../models/index.ts';

export interface ModelsParams {
  readonly cacheDir: string;
  readonly userDir?: string;
  /** Also run every installed model and time it. */
  readonly speed: boolean;
}

/** A model as soon as all that was asked about it is known. */
export interface ModelEntry extends ModelDescription {
  readonly speed?: ModelSpeed;
  /** Why it could not be measured. */
  readonly error?: ErrorReport;
}

serveChild<ModelsParams, null, ModelEntry>(async ({ speed, ...places }, context) => {
  for (const model of await describeModels(places)) {
    if (!speed || model.state === 'not installed') await context.deliver(model);
    else await context.deliver({ ...model, ...(await measured(model.id, places)) });
  }
  return null;
});

async function measured(
  id: string,
  places: Omit<ModelsParams, 'speed'>,
): Promise<Pick<ModelEntry, 'speed' | 'error'>> {
  try {
    const options = { ...places, use: 'measure', now: new Date(), stopwatch: processStopwatch };
    return { speed: await measureModel(id, evaluationPermit, options) };
  } catch (error) {
    return { error: toErrorReport(error) };
  }
}
