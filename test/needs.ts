import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';

/** The project's root folder. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** Public test data that lies beside a checkout; see {@link needs}. */
export const sharedData = fileURLToPath(new URL('../../shared/data', import.meta.url));

/** The 795-frame pedestrian clip of Debian's opencv-doc. */
export const pedestrianClip = '/usr/share/doc/opencv-doc/examples/data/vtest.avi';

const files: Record<string, string> = { 'opencv-doc': pedestrianClip, shared: sharedData };

const versionFlags: Record<string, string> = {
  ffmpeg: '-version',
  ffprobe: '-version',
  exiftool: '-ver',
  openssl: 'version',
  pdfinfo: '-v',
  pdftotext: '-v',
};

function present(component: string): boolean {
  const file = files[component];
  if (file !== undefined) return existsSync(file);
  try {
    execFileSync(component, [versionFlags[component] ?? '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Says whether everything a test needs beyond npm is here. If not, the test is skipped with the reason; under CI it
 * fails instead, because a check that did not run proves nothing.
 * @param components commands, or `opencv-doc`, or `shared` (the public test data).
 */
export function needs(t: TestContext, ...components: string[]): boolean {
  const missing = components.filter((component) => !present(component));
  if (missing.length === 0) return true;
  const reason = `needs ${missing.join(', ')}`;
  if (process.env['CI'] !== undefined)
    throw new Error(`${reason}, which the test command should have installed`);
  t.skip(reason);
  return false;
}
