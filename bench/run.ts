import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { frameCollectorOptions } from '../src/host/collector.ts';
import { frugalMemory } from '../src/host/environment.ts';
import { pedestrianClip } from '../test/needs.ts';
import { benches } from './lib/list.ts';
import { loadLines, machineLines } from './lib/machine.ts';

/**
 * The bench command: prints what was measured, beside its peer or limit in the same run, as Markdown.
 *
 *     npm run bench                       everything, for several hours on two cores (the long clips of `memory`)
 *     npm run bench -- speed picture      only these
 *     npm run bench -- memory --minutes 5   a shorter long clip
 *     npm run bench -- watch-negative --hours 24   camera time to replay (default 1)
 *     npm run bench -- --short            proves that they run; the figures mean nothing
 */
const { values, positionals } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    hours: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const minutes = Number(values.minutes);
const hours = Number(values.hours);
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
const complaint =
  unknown !== undefined
    ? `There is no bench called ${unknown}: choose among ${Object.keys(benches).join(', ')}.`
    : !(Number.isInteger(minutes) && minutes >= 1)
      ? `--minutes takes a whole number from 1, not ${values.minutes}.`
      : !(hours > 0)
        ? `--hours takes a number above 0, not ${values.hours}.`
        : existsSync(pedestrianClip)
          ? undefined
          : 'The clips are made from opencv-doc with ffmpeg: apt-get install ffmpeg libimage-exiftool-perl opencv-doc';

if (complaint === undefined) runAll(positionals.length > 0 ? positionals : Object.keys(benches));
else {
  console.error(complaint);
  process.exitCode = 2;
}

/** Each bench has a process of its own, with the options that workers have; one that fails does not stop the others. */
function runAll(names: readonly string[]): void {
  for (const line of [...machineLines(), '', ...loadLines(), '']) console.log(line);
  if (values.short) console.log('**Short inputs: these figures mean nothing.**\n');
  const flags = [
    ...(values.short ? ['--short'] : []),
    '--minutes',
    String(minutes),
    '--hours',
    String(hours),
  ];
  for (const name of names) {
    const one = fileURLToPath(new URL('./one.ts', import.meta.url));
    const { status, signal } = spawnSync(process.execPath, [...frameCollectorOptions, one, name, ...flags], {
      env: { ...process.env, ...frugalMemory },
      stdio: 'inherit',
    });
    if (status === 0) continue;
    console.log(`**${name} did not finish (${signal ?? `exit code ${status}`}).**\n`);
    process.exitCode = 1;
  }
}
