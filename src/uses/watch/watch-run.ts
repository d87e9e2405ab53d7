import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { lineOf, Tally } from './live-lines.ts';
import { runLive } from './live-run.ts';
import { engineOf } from '../../host/engine-options.ts';
import { cameraOf, replaySchema } from './options.ts';
import { replayFile } from './replay.ts';
import { readSite } from './site/read.ts';

const schema = replaySchema.extend({
  replay: z.string({ error: 'name the recording to play, or give the address of a camera' }),
  asFastAsPossible: z.literal(true).optional(),
  suppressed: z.literal(true).optional(),
});

/** Watches a camera, or plays a recording into its slot, and tells alerts and incidents as they come. */
export async function runWatch(
  [address]: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  if (address !== undefined) return runLive(address, given, io);
  return runReplay(given, io);
}

async function runReplay(given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(schema, given);
  const site = await readSite(options.site);
  const camera = cameraOf(site, options.camera);
  const { rate, every, budget, replay: input } = options;
  const tally = new Tally();
  const summary = await replayFile(
    {
      input,
      camera,
      calendar: site.calendar,
      engine: await engineOf(options),
      start: options.start === undefined ? Date.now() : Date.parse(options.start),
      ...(rate === undefined ? {} : { rate }),
      every,
      realTime: options.asFastAsPossible !== true,
      budget,
      trace: false,
    },
    {
      signal: io.signal,
      onProgress: io.progress,
      onAlert: async (alert) => {
        tally.add(alert);
        if (io.json) await io.emit('alert', alert);
        else if (alert.suppressed === undefined || options.suppressed === true)
          await io.stdout.write(`${lineOf(alert, site.calendar.timeZone)}\n`);
      },
      onIncident: async (incident) => {
        tally.incidents++;
        if (io.json) await io.emit('incident', incident);
      },
    },
  );
  if (io.json) await io.emit('result', { site: site.name, camera: camera.id, ...tally.counts, ...summary });
  else {
    const { frames, skipped, seconds, stamp } = summary;
    await io.stdout.write(
      `${tally.line}; ` +
        `${frames} frames, ${seconds.toFixed(1)} s${skipped > 0 ? `, ${skipped} frames left out: too slow` : ''}\n`,
    );
    if (stamp !== undefined) await io.stdout.write(`${stamp}: made without an agency permit.\n`);
  }
  return exitCode.done;
}
