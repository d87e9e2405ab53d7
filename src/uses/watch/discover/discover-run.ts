import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../../core/command.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { findCameras } from './find.ts';

const schema = z.object({
  timeout: z.coerce.number().min(1).max(60),
  interface: z.string().optional(),
});

export async function runDiscover(options: CommandOptions, io: CommandIo): Promise<number> {
  const { timeout, interface: device } = parseOptions(schema, options);
  if (device !== undefined && networkInterfaces()[device] === undefined)
    throw new TidewaiterError(
      'E_DISCOVER',
      `This machine has no network ${device}`,
      `Use one of: ${Object.keys(networkInterfaces()).join(', ')}.`,
    );
  const { TIDEWAITER_CAMERA_USER: user, TIDEWAITER_CAMERA_PASSWORD: password = '' } = process.env;
  const credentials = user === undefined ? {} : { credentials: { user, password } };
  const found = await findCameras({ timeout, networks: [device], ...credentials }, io.signal);
  for (const camera of found) {
    if (io.json) await io.emit('camera', camera);
    else {
      await io.stdout.write(`${camera.name}  ${camera.service ?? camera.address}\n`);
      for (const { profile, url } of camera.streams) await io.stdout.write(`  ${profile}: ${url}\n`);
      if (camera.problem !== undefined) await io.stdout.write(`  no streams: ${camera.problem}\n`);
    }
  }
  if (!io.json && found.length === 0) await io.stdout.write('No camera answered.\n');
  return exitCode.done;
}
