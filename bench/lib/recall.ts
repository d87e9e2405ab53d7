import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFaces } from '../../material/faces.ts';
import { projectRoot } from '../../test/needs.ts';

/**
 * A folder for composed clips that outlives the run: its name changes with everything that the clips are made from, so
 * that a later run pays only for looking at them.
 */
export function clipCache(half: string): string {
  const hash = createHash('sha256');
  const scenes = join(projectRoot, 'src/scenes');
  for (const name of readdirSync(scenes, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts')) hash.update(readFileSync(join(scenes, name)));
  }
  hash.update(readFileSync(packageFaces));
  return join(tmpdir(), 'tidewaiter-recall', `${half}-${hash.digest('hex').slice(0, 16)}`);
}
