import { TidewaiterError } from '../../core/errors.ts';
import { modelBytes, type KnownModel } from '../../models/registry.ts';
import { failed, ok, warn, type Finding } from './check.ts';

/** Whether the weights of models are there, and are those their cards were written for. */
export async function checkModels(models: readonly KnownModel[], cacheDir: string): Promise<Finding[]> {
  const what = 'models';
  const findings: Finding[] = [];
  let sound = 0;
  for (const model of models) {
    try {
      // It compares them with the card.
      await modelBytes(model, cacheDir);
      sound += 1;
    } catch (error) {
      const missing = error instanceof TidewaiterError && error.code === 'E_MODEL_MISSING';
      // Weights of unclear licence are used by whoever names them; nobody is told to install them.
      if (missing && !model.card.licenceClear) continue;
      findings.push(missing ? warn(what, error.message, error.remedy) : failed(what, error));
    }
  }
  return [ok(what, `${sound} installed, with the digests of their cards`), ...findings];
}
