import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { engineOf, engineSchema } from '../../host/engine-options.ts';
import { parseLiveAddress, type LiveAddress } from '../../media/live/index.ts';
import { healthLine, lineOf, stateLine, Tally } from './live-lines.ts';
import { watchCamera, type CameraSummary } from './live.ts';
import { budgetOption, cameraOf, siteOption } from './options.ts';
import { readSite } from './site/read.ts';

const schema = z.object({
  site: siteOption,
  camera: z.string().optional(),
  detect: z.string().optional(),
  udp: z.literal(true).optional(),
  budget: budgetOption,
  suppressed: z.literal(true).optional(),
  ...engineSchema.omit({ modelDir: true }).shape,
});

/** Options that only a recording has. */
const ofRecordings = ['replay', 'asFastAsPossible', 'start', 'rate', 'every'];

/** Watches a camera until Ctrl-C, tells alerts as they happen, and ends with a summary. */
export async function runLive(address: string, given: CommandOptions, io: CommandIo): Promise<number> {
  refuseOptionsOfRecordings(given);
  const options = parseOptions(schema, given);
  const site = await readSite(options.site);
  const camera = cameraOf(site, options.camera);
  const { timeZone } = site.calendar;
  const tally = new Tally();
  const tell = async (event: string, fields: object, line: string | undefined): Promise<void> => {
    if (io.json) await io.emit(event, fields);
    else if (line !== undefined) await io.stdout.write(`${line}\n`);
  };
  const summary = await watchCamera(
    {
      source: addressOf(address, options.udp),
      ...(options.detect === undefined ? {} : { detect: addressOf(options.detect, options.udp) }),
      camera,
      calendar: site.calendar,
      engine: await engineOf(options),
      budget: options.budget,
    },
    {
      signal: io.signal,
      onAlert: async (alert) => {
        tally.add(alert);
        const shown = alert.suppressed === undefined || options.suppressed === true;
        await tell('alert', alert, shown ? lineOf(alert, timeZone) : undefined);
      },
      onIncident: async (incident) => {
        tally.incidents++;
        await tell('incident', incident, undefined);
      },
      onState: (state) => tell('state', state, stateLine(state, timeZone)),
      onHealth: (health) => tell('health', health, healthLine(health, timeZone)),
    },
  );
  await tell(
    'result',
    { site: site.name, camera: camera.id, ...tally.counts, ...summary },
    summaryOf(tally, summary),
  );
  return exitCode.done;
}

function addressOf(text: string, udp: true | undefined): LiveAddress {
  const address = parseLiveAddress(text, {
    user: process.env['TIDEWAITER_CAMERA_USER'],
    password: process.env['TIDEWAITER_CAMERA_PASSWORD'],
  });
  return udp === true ? { ...address, transport: 'udp' } : address;
}

function summaryOf(
  { line }: Tally,
  { frames, skipped, seconds, live, reconnects, stamp }: CameraSummary,
): string {
  const counted =
    `${line}; ${frames} frames, ` +
    `${skipped} left out; pictures for ${live.toFixed(1)} of ${seconds.toFixed(1)} s, ${reconnects} reconnects`;
  return stamp === undefined ? counted : `${counted}\n${stamp}: made without an agency permit.`;
}

function refuseOptionsOfRecordings(given: CommandOptions): void {
  // What has a default is always there.
  const set = ofRecordings.find(
    (name) => given[name] !== undefined && !(name === 'every' && given[name] === '1'),
  );
  if (set === undefined) return;
  const flag = set.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new TidewaiterError(
    'E_OPTION',
    `--${flag} is for recordings, and a camera was given`,
    'Leave out one of them.',
  );
}
