import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../../core/command.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { discoverCameras, streamsOf } from './discover.ts';

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
  const found = await discoverCameras(timeout, device);
  for (const camera of found) {
    io.signal.throwIfAborted();
    const asked =
      user === undefined || camera.service === undefined
        ? []
        : await streamsOf(camera.service, { user, password }).catch((error: unknown) => String(error));
    const streams = typeof asked === 'string' ? [] : asked;
    const problem = typeof asked === 'string' ? { problem: asked } : {};
    if (io.json) await io.emit('camera', { ...camera, streams, ...problem });
    else {
      await io.stdout.write(`${camera.name}  ${camera.service ?? camera.address}\n`);
      for (const { profile, url } of streams) await io.stdout.write(`  ${profile}: ${url}\n`);
      if (typeof asked === 'string') await io.stdout.write(`  no streams: ${plain(asked)}\n`);
    }
  }
  if (!io.json && found.length === 0) await io.stdout.write('No camera answered.\n');
  return exitCode.done;
}

function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}
