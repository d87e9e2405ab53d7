import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../../core/command.ts';
import { parseMot } from '../../../stats/index.ts';
import { engineOf, readOptionFile } from '../../../host/engine-options.ts';
import { cameraOf, replaySchema } from '../options.ts';
import { readSite } from '../site/read.ts';
import { evaluateWatch, type Evaluation } from './evaluate.ts';
import type { Rate } from './scorecard.ts';

const schema = replaySchema.extend({
  truth: z.string({ error: 'name the annotation' }),
  video: z.string({ error: 'name the recording' }),
});

export async function runEvaluate(given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(schema, given);
  const site = await readSite(options.site);
  const rows = parseMot(await readOptionFile(options.truth, '--truth'));
  const { rate, every, budget } = options;
  const evaluation = await evaluateWatch(
    {
      input: options.video,
      camera: cameraOf(site, options.camera),
      calendar: site.calendar,
      engine: await engineOf(options),
      start: options.start === undefined ? Date.now() : Date.parse(options.start),
      ...(rate === undefined ? {} : { rate }),
      every,
      budget,
    },
    rows,
    { onProgress: io.progress, signal: io.signal },
  );
  const { scorecard, summary, incidents } = evaluation;
  if (io.json) await io.emit('scorecard', { ...scorecard, incidents, ...summary });
  else await io.stdout.write(scorecardText(evaluation));
  return exitCode.done;
}

function scorecardText({ scorecard, summary, incidents }: Evaluation): string {
  const { entries, detection, tracking } = scorecard;
  const percent = (value: number): string => (100 * value).toFixed(1);
  const share = ({ value, hits, n, low, high }: Rate): string =>
    n === 0
      ? 'nothing to count'
      : `${percent(value)} %  ${hits} of ${n}, 95 % interval ${percent(low)}-${percent(high)}`;
  const lines = [
    `${scorecard.frames} frames, ${summary.seconds.toFixed(1)} s, ${summary.windowsPerFrame.toFixed(1)} windows and ${summary.cpuPerFrame.toFixed(0)} ms CPU per frame`,
    'Zone entries, told within 2 s, one to one',
    `  precision   ${share(entries.precision)}`,
    `  recall      ${share(entries.recall)}`,
    `  duplicates  ${entries.duplicates} for ${entries.truth} true entries (${entries.duplicatesPerEvent.toFixed(3)} each); ${entries.falseAlerts} near no entry; ${incidents} incidents`,
    ...Object.entries(entries.byRule).map(
      ([id, one]) =>
        `    ${id}: ${one.matched} of ${one.truth} told, ${one.duplicates} twice, ${one.falseAlerts} false`,
    ),
    'Persons at IoU 0.5',
    `  precision   ${share(detection.precision)}`,
    `  recall      ${share(detection.recall)}`,
    `Tracking: HOTA ${percent(tracking.hota)}, MOTA ${percent(tracking.mota)}, IDF1 ${percent(tracking.idf1)}, ${tracking.switches} switches, ${tracking.identities.tracked} identities (true ${tracking.identities.truth})`,
    ...(summary.stamp === undefined ? [] : [`${summary.stamp}: made without an agency permit.`]),
  ];
  return `${lines.join('\n')}\n`;
}
