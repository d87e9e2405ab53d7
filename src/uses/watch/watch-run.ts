import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import type { Alert } from './alert.ts';
import { engineOf } from '../../host/engine-options.ts';
import { cameraOf, replaySchema } from './options.ts';
import { replayFile } from './replay.ts';
import { readSite } from './site/read.ts';

const schema = replaySchema.extend({
  replay: z.string({ error: 'name the recording to play' }),
  asFastAsPossible: z.literal(true).optional(),
  suppressed: z.literal(true).optional(),
});

/** Plays a recording into a camera slot and tells alerts and incidents as they come. */
export async function runWatch(given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(schema, given);
  const site = await readSite(options.site);
  const camera = cameraOf(site, options.camera);
  const { rate, every, budget, replay: input } = options;
  const counts = { alerts: 0, suppressed: 0, incidents: 0 };
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
        counts[alert.suppressed === undefined ? 'alerts' : 'suppressed']++;
        if (io.json) await io.emit('alert', alert);
        else if (alert.suppressed === undefined || options.suppressed === true)
          await io.stdout.write(`${lineOf(alert, site.calendar.timeZone)}\n`);
      },
      onIncident: async (incident) => {
        counts.incidents++;
        if (io.json) await io.emit('incident', incident);
      },
    },
  );
  if (io.json) await io.emit('result', { site: site.name, camera: camera.id, ...counts, ...summary });
  else {
    const { frames, skipped, seconds, stamp } = summary;
    await io.stdout.write(
      `${counts.alerts} alerts in ${counts.incidents} incidents, ${counts.suppressed} suppressed; ` +
        `${frames} frames, ${seconds.toFixed(1)} s${skipped > 0 ? `, ${skipped} frames left out: too slow` : ''}\n`,
    );
    if (stamp !== undefined) await io.stdout.write(`${stamp}: made without an agency permit.\n`);
  }
  return exitCode.done;
}

/** `2026-11-22 23:15:02 high   person entered zone dock (gate, gate-incident-1)`. */
function lineOf({ at, severity, reason, camera, incident, suppressed }: Alert, timeZone: string): string {
  const time = new Date(at).toLocaleString('sv-SE', { timeZone });
  const where = suppressed === undefined ? (incident ?? '') : `suppressed: ${suppressed}`;
  return `${time} ${severity.padEnd(6)} ${reason.text} (${camera}, ${where})`;
}
