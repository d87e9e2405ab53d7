import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemCode } from '../../core/errors.ts';
import { policyOfAgency } from '../../governance/charters/enforced.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { readTarget } from '../log.ts';
import { openChannel } from '../syslog/target.ts';
import { fail, failed, ok, warn, type Finding } from './check.ts';

/** Both in a clone and in the package. */
const consolePage = fileURLToPath(new URL('../../../dist/web/index.html', import.meta.url));

/** Whether the file that heads of the ledger are written behind can be written. Nothing is written. */
export async function checkWitness({ ledger: { witness } }: Settings): Promise<Finding[]> {
  if (witness === undefined) return [];
  const what = 'witness';
  const there = await stat(witness).catch(() => undefined);
  if (there?.isDirectory() === true)
    return [fail(what, `${witness} is a folder`, 'Name a file in ledger.witness.')];
  const [path, rights] =
    there === undefined
      ? [dirname(witness), constants.W_OK | constants.X_OK]
      : [witness, constants.R_OK | constants.W_OK];
  try {
    await access(path, rights);
    return [ok(what, there === undefined ? `${witness} is made with the first head` : witness)];
  } catch (error) {
    const reason = systemCode(error) ?? 'unknown reason';
    const remedy = 'Let the user of the server write there, or name another file in ledger.witness.';
    return [fail(what, `${path} cannot be written (${reason})`, remedy)];
  }
}

/** The agency's policies: with one that cannot be read the server does not start, and one that runs lets nothing run under a permit. */
export function checkPolicies({ policies }: Settings): Promise<Finding[]> {
  const what = 'policy';
  return Promise.all(
    policies.map((path) =>
      policyOfAgency(path).then(
        ({ id, version }) => ok(what, `${path}: ${id} of ${version}`),
        (error: unknown) => failed(what, error),
      ),
    ),
  );
}

/** Opens a connection to the receiver of the log, and closes it: no message is sent. */
export async function checkSyslog({ log: { syslog } }: Settings): Promise<Finding[]> {
  if (syslog === undefined) return [];
  const what = 'syslog';
  try {
    const target = await readTarget(syslog);
    if (target.url.protocol === 'udp:')
      return [ok(what, `goes to ${syslog.url}; over UDP nobody knows whether it arrives`)];
    const channel = await openChannel(target).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      return fail(
        what,
        `${syslog.url} does not answer (${reason})`,
        'See that the receiver runs, and check address, certificates and firewall.',
      );
    });
    if ('state' in channel) return [channel];
    await channel.close();
    return [ok(what, `${syslog.url} takes connections`)];
  } catch (error) {
    return [failed(what, error)];
  }
}

/** Without it the server answers programs only. */
export function checkConsole(): Finding {
  const what = 'console';
  if (existsSync(consolePage)) return ok(what, 'built');
  return warn(what, 'not built, so browsers find no pages', 'Build it: npm run console');
}
