import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { evaluationPermit, signedPermitSchema, type Permit } from '../../core/permit.ts';
import { defaultCacheDir } from '../../models/index.ts';
import type { EngineOptions } from './engine.ts';
import type { CameraFile } from './site/schema.ts';
import type { Site } from './site/read.ts';

/** Options of every command that plays a file into a camera slot. */
export const replaySchema = z.object({
  site: z.string({ error: 'give the site file' }),
  camera: z.string().optional(),
  start: z.iso.datetime({ offset: true, error: 'write it as 2026-12-25T23:00:00-06:00' }).optional(),
  rate: z.coerce.number().positive().max(240).optional(),
  every: z.coerce.number().int().min(1).max(100).default(1),
  budget: z.coerce.number().int().min(1).max(64).default(10),
  permit: z.string().optional(),
  permitKey: z.string().optional(),
  threads: z.coerce.number().int().min(1).max(64).default(2),
});

/** The same, for people. */
export const replayOptions = [
  { flags: '--site <file>', summary: 'site file: cameras, zones, rules and calendar' },
  { flags: '--camera <id>', summary: 'camera of the site file; needed when it has several' },
  { flags: '--start <time>', summary: 'when the clip began, with its UTC offset; now by default' },
  { flags: '--rate <fps>', summary: 'frames per second, where the file tells them wrong' },
  { flags: '--every <n>', summary: 'look at every n-th frame', default: '1' },
  { flags: '--budget <n>', summary: 'most windows of a frame that the detector looks at', default: '10' },
  {
    flags: '--permit <file>',
    summary: 'signed permit to run the model under; without one the output says EVALUATION',
  },
  { flags: '--permit-key <file>', summary: 'public key (PEM) of the authority that signed the permit' },
  { flags: '--threads <n>', summary: 'inference threads', default: '2' },
] as const;

/** @throws TidewaiterError `E_OPTION_FILE`, `E_PERMIT_FORMAT`. */
export async function engineOf(options: z.infer<typeof replaySchema>): Promise<EngineOptions> {
  const { permit, permitKey, threads } = options;
  return {
    permit: permit === undefined ? evaluationPermit : await permitOf(permit),
    ...(permitKey === undefined ? {} : { publicKey: await readNamed(permitKey, '--permit-key') }),
    cacheDir: defaultCacheDir(process.env, homedir()),
    threads,
  };
}

async function permitOf(path: string): Promise<Permit> {
  const text = await readNamed(path, '--permit');
  try {
    return signedPermitSchema.parse(JSON.parse(text));
  } catch (error) {
    const message = `${path} is not a signed permit`;
    throw new TidewaiterError('E_PERMIT_FORMAT', message, 'Ask its issuer for a new one.', { cause: error });
  }
}

/** The text of a file that an option names. @throws TidewaiterError `E_OPTION_FILE`. */
export async function readNamed(path: string, flag: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_OPTION_FILE',
      `The file ${path} of ${flag} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name and permissions.',
    );
  });
}

/** @throws TidewaiterError `E_CAMERA_UNKNOWN`. */
export function cameraOf({ cameras }: Site, id: string | undefined): CameraFile {
  const found = id === undefined && cameras.length === 1 ? cameras[0] : cameras.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new TidewaiterError(
    'E_CAMERA_UNKNOWN',
    id === undefined ? 'The site has several cameras' : `The site has no camera ${id}`,
    `Give --camera with one of: ${cameras.map((camera) => camera.id).join(', ')}.`,
  );
}
