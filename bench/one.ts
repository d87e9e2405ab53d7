import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './lib/list.ts';
import { busyShare } from './lib/machine.ts';

/** Runs one bench in this process. `npm run bench` starts this for each, so that none inherits another's memory. */
const { values, positionals } = parseArgs({
  options: { short: { type: 'boolean', default: false }, minutes: { type: 'string', default: '30' } },
  allowPositionals: true,
});
const name = positionals[0] ?? '';
const load = benches[name];
if (load === undefined)
  throw new Error(`There is no bench called ${name}: ${Object.keys(benches).join(', ')}`);

const { bench } = await load();
const folder = await mkdtemp(join(tmpdir(), `tidewaiter-bench-${name}-`));
try {
  console.log(`## ${bench.title}\n`);
  const busy = await busyShare();
  if (busy > 0.1)
    console.log(`**${Math.round(busy * 100)} % of the machine is busy with something else.**\n`);
  await bench.run({
    short: values.short,
    minutes: Number(values.minutes),
    folder,
    print: (line) => console.log(line),
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
