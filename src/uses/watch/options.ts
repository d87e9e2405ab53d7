import { z } from 'zod';
import type { CommandOption } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { engineOptions, engineSchema } from '../../host/engine-options.ts';
import type { CameraFile } from './site/schema.ts';
import type { Site } from './site/read.ts';

export const siteOption = z.string({ error: 'give the site file' });
/** Windows for each frame. */
export const budgetOption = z.coerce.number().int().min(1).max(64).default(10);

/** Options of every command that plays a file into a camera slot. */
export const replaySchema = z.object({
  site: siteOption,
  camera: z.string().optional(),
  start: z.iso.datetime({ offset: true, error: 'write it as 2026-12-25T23:00:00-06:00' }).optional(),
  rate: z.coerce.number().positive().max(240).optional(),
  every: z.coerce.number().int().min(1).max(100).default(1),
  budget: budgetOption,
  ...engineSchema.omit({ modelDir: true }).shape,
});

/** The same, for people. */
export const replayOptions: readonly CommandOption[] = [
  { flags: '--site <file>', summary: 'site file: cameras, zones, rules and calendar' },
  { flags: '--camera <id>', summary: 'camera of the site file; needed when it has several' },
  { flags: '--start <time>', summary: 'when the clip began, with its UTC offset; now by default' },
  { flags: '--rate <fps>', summary: 'frames per second, where the file tells them wrong' },
  { flags: '--every <n>', summary: 'look at every n-th frame', default: '1' },
  { flags: '--budget <n>', summary: 'most windows of a frame that the detector looks at', default: '10' },
  ...engineOptions.filter(({ flags }) => !flags.startsWith('--model-dir')),
];

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
