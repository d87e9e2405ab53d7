import { knownModels } from '../../models/registry.ts';
import { readSettings, type Settings } from '../../platform/settings/settings.ts';
import { checkBases } from './bases.ts';
import { failed, ok, type Finding } from './check.ts';
import { checkDatabase } from './database.ts';
import { checkMachine } from './machine.ts';
import { checkModels } from './models.ts';
import { checkRestored } from './restored.ts';
import { checkStorage } from './storage.ts';
import { checkConsole, checkPolicies, checkSyslog, checkWitness } from './surroundings.ts';

/**
 * Looks at all that the platform needs, one thing after the other. Changes nothing but the cache of models.
 * @param folder where the settings file is looked for.
 */
export async function* examine(
  environment: NodeJS.ProcessEnv,
  folder: string,
  cacheDir: string,
): AsyncGenerator<Finding> {
  yield* await checkMachine();
  let settings: Settings;
  try {
    settings = await readSettings(environment, folder);
  } catch (error) {
    yield failed('settings', error);
    return;
  }
  yield ok('settings', 'can be read');
  yield* await checkPolicies(settings);
  yield* await checkStorage(settings);
  yield* await checkRestored(settings);
  yield* await checkDatabase(settings);
  yield* await checkBases(settings, new Date());
  yield* await checkWitness(settings);
  yield* await checkSyslog(settings);
  yield checkConsole();
  yield* await checkModels(await knownModels({ cacheDir }), cacheDir);
}
