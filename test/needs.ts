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

/** Programs of the oldest PostgreSQL that an agency may have, from Debian's `postgresql`. */
export const agencyPostgres = '/usr/lib/postgresql/15/bin';

const files: Record<string, string> = {
  'opencv-doc': pedestrianClip,
  shared: sharedData,
  'postgresql-15': agencyPostgres,
  'python3-docx': '/usr/lib/python3/dist-packages/docx/__init__.py',
  // Debian's python3-gi with gir1.2-gst-rtsp-server-1.0: a real RTSP server for /usr/bin/python3.
  gstreamer: '/usr/lib/x86_64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib',
};

const versionFlags: Record<string, string> = {
  ffmpeg: '-version',
  ffprobe: '-version',
  exiftool: '-ver',
  openssl: 'version',
  pdfinfo: '-v',
  pdftotext: '-v',
  rsyslogd: '-v',
};

function present(component: string): boolean {
  if (component === 'root') return process.getuid?.() === 0;
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
 * @param components commands, or `opencv-doc`, `shared` (the public test data), `postgresql-15`, `root` (the rights of root).
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
