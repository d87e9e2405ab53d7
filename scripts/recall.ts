import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { packagePhotos } from '../material/faces.ts';
import { clipCache } from '../bench/lib/recall.ts';
import { engineOptions } from '../bench/lib/pipeline.ts';
import { tableLines } from '../bench/lib/table.ts';
import { halfOf, photosOf, seedsOf } from '../src/scenes/halves.ts';
import { type Contender, evaluate } from '../src/uses/redaction/evaluate/evaluate.ts';
import { evaluationTables } from '../src/uses/redaction/evaluate/table.ts';
import { findProfile } from '../src/uses/redaction/profile.ts';
import { efforts } from '../src/vision/effort.ts';

/**
 * How well profiles cover what seeded clips hold, while settings are being chosen. Composed clips stay in the temporary
 * folder, so a second run pays only for looking.
 *
 *     node scripts/recall.ts                                      standard, 16 seeds of the tuning half
 *     node scripts/recall.ts --seeds 0-31 --profile fast --profile thorough
 *     node scripts/recall.ts --classes faces                      without text: much faster
 *     node scripts/recall.ts --brief                              one table for each profile
 *     node scripts/recall.ts --fresh                              compose all clips again
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0-15' },
    profile: { type: 'string', multiple: true, default: ['standard'] },
    classes: { type: 'string', default: 'all' },
    brief: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});

const [first = 0, last = first] = values.seeds.split('-').map(Number);
const wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index);
const half = halfOf(first);
if (halfOf(last) !== half || !wanted.every(Number.isInteger))
  throw new Error('--seeds takes one half: 0-99 or 1000-');
if (half === 'reporting')
  console.log(`Seeds from ${seedsOf('reporting', 1)[0]} on are for reporting, not for tuning.\n`);

const folder = clipCache(half);
if (values.fresh) rmSync(folder, { recursive: true, force: true });

const evaluations = await evaluate(
  {
    contenders: values.profile.map((name) => contender(name, values.classes)),
    seeds: wanted,
    photos: photosOf(half, packagePhotos),
    engine: engineOptions,
    folder,
  },
  {
    onProgress: ({ stage, done, total }) => process.stderr.write(`\r${stage} ${done}/${total}   `),
  },
);
process.stderr.write('\r');
for (const evaluation of evaluations) {
  console.log(
    `\n# ${evaluation.name}: ${evaluation.cpuPerFrame.toFixed(4)} CPU-s per frame to look and plan\n`,
  );
  const tables = evaluationTables(evaluation);
  for (const { title, head, rows } of values.brief ? [tables[0]!, tables.at(-1)!] : tables) {
    console.log(`${title}\n`);
    console.log(`${tableLines(head, rows).join('\n')}\n`);
  }
}

function contender(name: string, classes: string): Contender {
  const profile = findProfile(name);
  const { text, ...withoutText } = efforts[profile.effort];
  if (classes === 'faces') return { name, profile: name, effort: withoutText, classes: ['face', 'head'] };
  return { name, profile: name, effort: { ...withoutText, ...(text === undefined ? {} : { text }) } };
}
