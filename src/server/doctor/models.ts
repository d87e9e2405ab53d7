import { knownModels, modelBytes } from '../../models/registry.ts';
import { describeModels } from '../../models/describe.ts';
import { sha256 } from '../../core/digest.ts';
import { fail, failed, ok, warn, type Finding } from './check.ts';

/** Whether the weights of the built-in models are there, and are those their cards were written for. */
export async function checkModels(cacheDir: string): Promise<Finding[]> {
  const what = 'models';
  const places = { cacheDir };
  try {
    const states = new Map((await describeModels(places)).map(({ id, state }) => [id, state]));
    const findings: Finding[] = [];
    let sound = 0;
    for (const model of await knownModels(places)) {
      const { id, digest } = model.card;
      if (states.get(id) === 'not installed') {
        findings.push(
          warn(what, `${id} is not installed`, 'Install it where it is needed; see tidewaiter models.'),
        );
        continue;
      }
      try {
        const bytes = await modelBytes(model, cacheDir);
        if (sha256(bytes) === digest) sound += 1;
        else findings.push(fail(what, `${id} has another digest than its card`, 'Install it again.'));
      } catch (error) {
        findings.push(failed(what, error));
      }
    }
    return [ok(what, `${sound} installed, with the digests of their cards`), ...findings];
  } catch (error) {
    return [failed(what, error)];
  }
}
