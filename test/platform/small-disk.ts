import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { needs } from '../needs.ts';

const run = promisify(execFile);

/**
 * Runs a module in a process of its own that sees a small disk on a folder.
 * @param size as `mount` takes it: `1m`.
 * @returns what it printed; undefined where no disk may be mounted, and the test is skipped.
 */
export async function onSmallDisk(
  t: TestContext,
  folder: string,
  size: string,
  code: string,
): Promise<string | undefined> {
  if (!needs(t, 'unshare')) return undefined;
  const allowed = await run('unshare', ['-rm', 'true']).then(
    () => true,
    () => false,
  );
  if (!allowed && process.env['CI'] !== 'true') {
    t.skip('may not mount a small disk of its own here');
    return undefined;
  }
  const command = `mount -t tmpfs -o size="$4" none "$1" && exec "$2" --input-type=module -e "$3"`;
  const inside = ['sh', '-c', command, 'sh', folder, process.execPath, code, size];
  return (await run('unshare', ['-rm', ...inside])).stdout;
}
