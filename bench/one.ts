import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './lib/list.ts';
import { busyShare } from './lib/machine.ts';

/** The share of all cores below which nothing else is at work. */
const quietShare = 0.1;

/** Runs one bench in this process. `npm run bench` starts this for each, so that none inherits another's memory. */
const { values, positionals } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    hours: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const name = positionals[0] ?? '';
const load = benches[name];
if (load === undefined)
  throw new Error(`There is no bench called ${name}: ${Object.keys(benches).join(', ')}`);

const { bench } = await load();
const folder = mkdtempSync(join(tmpdir(), `tidewaiter-bench-${name}-`));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

console.log(`## ${bench.title}\n`);
const busy = await busyShare();
if (busy > quietShare)
  console.log(`**${Math.round(busy * 100)} % of the machine is busy with something else.**\n`);
await bench.run({
  short: values.short,
  minutes: Number(values.minutes),
  hours: Number(values.hours),
  folder,
  print: (line) => console.log(line),
});
