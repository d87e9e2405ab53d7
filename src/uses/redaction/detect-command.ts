import { z } from 'zod';
import {
  exitCode,
  parseOptions,
  type CommandIo,
  type CommandOptions,
  type CommandSpec,
} from '../../core/command.ts';
import { efforts } from '../../vision/effort.ts';
import { engineOf, engineOptions, engineSchema } from '../../host/engine-options.ts';
import { detectFile } from './job.ts';
import { parseNames, readLines } from './parse-options.ts';

const detectSchema = engineSchema.extend({
  effort: z.enum(['fast', 'standard', 'thorough']).default('standard'),
  model: z.array(z.string()).optional(),
  words: z.string().optional(),
  pattern: z.array(z.string()).optional(),
  allowDamage: z.literal(true).optional(),
});

export const detect: CommandSpec = {
  name: 'detect',
  summary: 'Say what the models see in a video or picture; changes nothing',
  arguments: [{ name: 'input', summary: 'video or picture' }],
  options: [
    { flags: '--effort <how>', summary: 'fast, standard or thorough', default: 'standard' },
    { flags: '--model <id>', summary: 'run this registered detector as well', repeatable: true },
    { flags: '--words <file>', summary: 'words and phrases that make text sensitive, one a line' },
    { flags: '--pattern <regex>', summary: 'expression that makes text sensitive', repeatable: true },
    { flags: '--allow-damage', summary: 'go on where video is damaged' },
    ...engineOptions,
  ],
  examples: [
    { line: 'tidewaiter detect clip.mp4 --json', summary: 'one JSON line for each frame that was looked at' },
  ],
  run: runDetect,
};

async function runDetect(args: readonly string[], given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(detectSchema, given);
  const [input] = args;
  if (input === undefined) return exitCode.usage;
  const counts = new Map<string, number>();
  let looks = 0;
  const result = await detectFile(
    {
      input,
      engine: await engineOf(options),
      look: {
        effort: efforts[options.effort],
        models: parseNames(options.model ?? []),
        words: options.words === undefined ? [] : await readLines(options.words, '--words'),
        patterns: options.pattern ?? [],
      },
      allowDamage: options.allowDamage === true,
    },
    async (seen) => {
      looks += 1;
      for (const { class: name } of seen.observations) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (io.json) await io.emit('observations', seen);
    },
    { onProgress: io.progress, signal: io.signal },
  );
  const { models, stamp, notes } = result;
  if (io.json) {
    await io.emit('result', { input, looks, models, notes, ...(stamp === undefined ? {} : { stamp }) });
    return exitCode.done;
  }
  await io.stdout.write(`Looked at ${looks} ${looks === 1 ? 'picture' : 'frames'} of ${input}\n`);
  for (const [name, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    await io.stdout.write(`  ${String(count).padStart(7)}  ${name}\n`);
  }
  for (const note of notes) await io.stdout.write(`  note: ${note}\n`);
  if (stamp !== undefined) await io.stdout.write(`  ${stamp}: made without an agency permit.\n`);
  return exitCode.done;
}
