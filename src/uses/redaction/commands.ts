import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  exitCode,
  parseOptions,
  type CommandIo,
  type CommandOptions,
  type CommandSpec,
} from '../../core/command.ts';
import { formatError, TidewaiterError } from '../../core/errors.ts';
import { evaluationPermit, signedPermitSchema, type Permit } from '../../core/permit.ts';
import { defaultCacheDir } from '../../models/index.ts';
import { redactBatch, type BatchItem } from './batch.ts';
import type { EngineOptions } from './engine.ts';
import { detectFile, readPlanFile, redactableFile, redactFile, type RedactOutcome } from './job.ts';
import { outputContainer, pathsFor, pathsIn, type OutputPaths } from './outputs.ts';
import {
  parseBox,
  parseFixedBox,
  parseNames,
  parsePairs,
  parseSpan,
  readOptionFile,
} from './parse-options.ts';
import { profileNames, redactableClasses } from './profile.ts';
import { builtInReasonTables, reasonTable } from './reasons.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';
import { styles } from './styles.ts';

const list = z.array(z.string()).optional();

const engineSchema = z.object({
  permit: z.string().optional(),
  permitKey: z.string().optional(),
  modelDir: z.string().optional(),
  threads: z.coerce.number().int().min(1).max(64).default(2),
});

const redactSchema = engineSchema.extend({
  output: z.string(),
  profile: z.string().default('standard'),
  classes: list,
  style: list,
  label: z.enum(['none', 'class', 'reason']).optional(),
  reasons: z.string().optional(),
  text: z.enum(['all', 'sensitive']).optional(),
  words: z.string().optional(),
  pattern: list,
  keep: list,
  only: list,
  span: list,
  zone: list,
  box: list,
  outside: list,
  audio: z.enum(['keep', 'mute', 'drop']).optional(),
  mute: list,
  bleep: list,
  keepTag: list,
  model: list,
  plan: z.string().optional(),
  planOnly: z.literal(true).optional(),
  container: z.string().optional(),
  codec: z.enum(['h264', 'h265']).optional(),
  crf: z.coerce.number().min(0).max(51).optional(),
  preset: z.string().optional(),
  quality: z.coerce.number().int().min(1).max(100).optional(),
  allowDamage: z.literal(true).optional(),
  force: z.literal(true).optional(),
});
type RedactOptions = z.infer<typeof redactSchema>;

const engineOptions = [
  {
    flags: '--permit <file>',
    summary: 'signed permit to run the models under; without one the output says EVALUATION',
  },
  { flags: '--permit-key <file>', summary: 'public key (PEM) of the authority that signed the permit' },
  {
    flags: '--model-dir <folder>',
    summary: 'folder with models of your own: card.json files beside ONNX files',
  },
  { flags: '--threads <n>', summary: 'inference threads', default: '2' },
] as const;

const redact: CommandSpec = {
  name: 'redact',
  summary: 'Cover people, plates, screens, text and sound in videos and pictures',
  arguments: [{ name: 'inputs', summary: 'videos, pictures or folders', variadic: true }],
  options: [
    { flags: '-o, --output <path>', summary: 'folder (or, for one input, file) to write to' },
    {
      flags: '--profile <name>',
      summary: `what to cover and how: ${profileNames.join(', ')}`,
      default: 'standard',
    },
    {
      flags: '--classes <names>',
      summary: `cover these instead: ${redactableClasses.join(',')}`,
      repeatable: true,
    },
    { flags: '--style <style>', summary: `${styles.join(', ')}; for one class: face=blur`, repeatable: true },
    { flags: '--label <what>', summary: 'write on the masks', choices: ['none', 'class', 'reason'] },
    {
      flags: '--reasons <table>',
      summary: `reason codes: ${builtInReasonTables.join(', ')} or a JSON file of your own`,
    },
    {
      flags: '--text <policy>',
      summary: 'cover all text, or only what is sensitive',
      choices: ['all', 'sensitive'],
    },
    { flags: '--words <file>', summary: 'words and phrases that make text sensitive, one a line' },
    { flags: '--pattern <regex>', summary: 'expression that makes text sensitive', repeatable: true },
    {
      flags: '--keep <ids>',
      summary: 'leave these tracks or subjects visible, e.g. person-2',
      repeatable: true,
    },
    { flags: '--only <ids>', summary: 'cover only these tracks or subjects', repeatable: true },
    { flags: '--span <from-to>', summary: 'cover only in this time, e.g. 0:10-0:25', repeatable: true },
    { flags: '--zone <x,y,w,h>', summary: 'cover only what meets this box', repeatable: true },
    { flags: '--box <x,y,w,h[@from-to]>', summary: 'cover this box as well', repeatable: true },
    { flags: '--outside <x,y,w,h>', summary: 'cover everything outside this box', repeatable: true },
    { flags: '--audio <what>', summary: 'whole sound', choices: ['keep', 'mute', 'drop'] },
    { flags: '--mute <from-to>', summary: 'silence this span', repeatable: true },
    { flags: '--bleep <from-to>', summary: 'bleep over this span', repeatable: true },
    { flags: '--keep-tag <name>', summary: 'carry over this metadata tag', repeatable: true },
    {
      flags: '--model <id>',
      summary: 'run this registered detector as well and cover what it finds',
      repeatable: true,
    },
    { flags: '--plan <file>', summary: 'render this plan instead of analysing' },
    { flags: '--plan-only', summary: 'write the plan and nothing else' },
    { flags: '--container <name>', summary: 'mp4, mov or mkv (mkv rounds times to 1 ms)' },
    { flags: '--codec <name>', summary: 'video codec of the output', choices: ['h264', 'h265'] },
    { flags: '--crf <n>', summary: 'video quality, 0 to 51, lower is better (23)' },
    { flags: '--preset <name>', summary: 'encoder preset (veryfast)' },
    { flags: '--quality <n>', summary: 'picture quality, 1 to 100 (90)' },
    { flags: '--allow-damage', summary: 'go on where video is damaged, with the damaged frames blank' },
    { flags: '--force', summary: 'replace outputs that are there already' },
    ...engineOptions,
  ],
  examples: [
    {
      line: 'tidewaiter redact body-cam.mp4 -o out/',
      summary: 'cover everything the standard profile knows',
    },
    {
      line: 'tidewaiter redact evidence/ -o release/ --profile public-release --reasons foia-us',
      summary: 'a folder, for release, with exemption codes on the masks',
    },
    { line: 'tidewaiter redact clip.mp4 -o out/ --keep person-2', summary: 'leave one person visible' },
    {
      line: 'tidewaiter redact clip.mp4 -o out/ --plan out/clip.plan.json --force',
      summary: 'render an edited plan',
    },
  ],
  run: runRedact,
};

async function runRedact(args: readonly string[], given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(redactSchema, given);
  const settings = await settingsOf(options);
  checkedProfile(settings);
  const engine = await engineOf(options);
  const folders = await Promise.all(args.map(isFolder));
  const [input] = args;
  if (input === undefined) return exitCode.usage;
  if (args.length > 1 || folders[0] === true) return runFolder(args, options, settings, engine, io);

  const outputs = await outputsFor(input, options);
  const plan = options.plan === undefined ? undefined : await readPlanFile(options.plan);
  const outcome = await redactFile(
    {
      input,
      outputs,
      settings,
      engine,
      ...(plan === undefined ? {} : { plan }),
      ...(options.planOnly === undefined ? {} : { planOnly: true }),
      ...(options.force === undefined ? {} : { force: true }),
    },
    { onProgress: io.progress, signal: io.signal },
  );
  await report(input, outputs, outcome, io);
  return exitCode.done;
}

async function runFolder(
  inputs: readonly string[],
  options: RedactOptions,
  settings: RedactionSettings,
  engine: EngineOptions,
  io: CommandIo,
): Promise<number> {
  if (options.plan !== undefined || options.planOnly === true) {
    throw new TidewaiterError(
      'E_OPTION',
      'A plan is for one file',
      'Give one file with --plan or --plan-only.',
    );
  }
  const items = await redactBatch(
    {
      inputs,
      folder: options.output,
      settings,
      engine,
      ...(options.container === undefined ? {} : { container: options.container }),
      ...(options.force === undefined ? {} : { force: true }),
    },
    (item, index, count) => reportItem(item, `${index + 1}/${count}`, io),
    { onProgress: io.progress, signal: io.signal },
  );
  return summarise(items, io);
}

async function summarise(items: readonly BatchItem[], io: CommandIo): Promise<number> {
  const count = (state: BatchItem['state']): number => items.filter((item) => item.state === state).length;
  const failed = items.filter((item) => item.state === 'failed');
  const totals = { done: count('done'), kept: count('kept'), failed: failed.length };
  if (io.json) {
    await io.emit('result', totals);
  } else {
    await io.stdout.write(`${totals.done} redacted, ${totals.kept} already done, ${totals.failed} failed\n`);
    for (const { input, error } of failed) await io.stdout.write(`  ${input}: ${formatError(error)}\n`);
    if (items.length === 0) await io.stdout.write('There was nothing to redact.\n');
  }
  return failed.length === 0 ? exitCode.done : exitCode.attention;
}

async function reportItem(item: BatchItem, position: string, io: CommandIo): Promise<void> {
  if (io.json) {
    await io.emit('file', item.state === 'done' ? { ...item, outcome: undefined, ...item.outcome } : item);
    return;
  }
  const what =
    item.state === 'done'
      ? `${item.output}: ${describeRegions(item.outcome)}`
      : item.state === 'kept'
        ? `${item.output}: already done`
        : `failed: ${formatError(item.error)}`;
  await io.stdout.write(`[${position}] ${item.input} -> ${what}\n`);
}

async function report(
  input: string,
  outputs: OutputPaths,
  outcome: RedactOutcome,
  io: CommandIo,
): Promise<void> {
  const { record } = outcome;
  if (io.json) {
    await io.emit('result', {
      input,
      plan: outputs.plan,
      regions: outcome.regions,
      notes: outcome.notes,
      ...(record === undefined ? {} : { output: outputs.media, record: outputs.record, stamp: record.stamp }),
    });
    return;
  }
  const lines = [
    record === undefined
      ? `Planned ${input}`
      : `Redacted ${input} (${record.frames} ${record.frames === 1 ? 'picture' : 'frames'})`,
    `  covered  ${describeRegions(outcome)}`,
    ...(record === undefined ? [] : [`  output   ${outputs.media}`]),
    `  plan     ${outputs.plan}`,
    ...(record === undefined ? [] : [`  record   ${outputs.record}`]),
    ...outcome.notes.map((note) => `  note     ${note}`),
    ...(record?.stamp === undefined
      ? []
      : [`  ${record.stamp}: made without an agency permit; the record and the file's metadata say so.`]),
  ];
  await io.stdout.write(`${lines.join('\n')}\n`);
}

function describeRegions(outcome: RedactOutcome): string {
  const parts = Object.entries(outcome.regions).map(([name, { covered, visible }]) =>
    visible === 0 ? `${covered} ${name}` : `${covered} ${name} (${visible} left visible)`,
  );
  return parts.length === 0 ? 'nothing was found' : parts.join(', ');
}

async function outputsFor(input: string, options: RedactOptions): Promise<OutputPaths> {
  const file = await redactableFile(input);
  const container = outputContainer(file, options.container);
  const toFolder =
    options.output.endsWith('/') || (await isFolder(options.output)) || !/\.\w+$/.test(options.output);
  if (toFolder) return pathsIn(options.output, input, container);
  const outputs = pathsFor(resolve(options.output));
  const allowed =
    file.kind === 'video' ? ['mp4', 'mov', 'mkv'] : ['jpg', 'jpeg', 'png', 'webp', 'tiff', 'tif', 'avif'];
  if (allowed.includes(outputs.container)) return outputs;
  throw new TidewaiterError(
    'E_CONTAINER',
    `A ${file.kind} cannot be written as .${outputs.container}`,
    `Use one of ${allowed.join(', ')}.`,
  );
}

async function settingsOf(options: RedactOptions): Promise<RedactionSettings> {
  const spans = (values: readonly string[] | undefined, flag: string) =>
    (values ?? []).map((value) => parseSpan(value, flag));
  const boxes = (values: readonly string[], flag: string) => values.map((value) => parseBox(value, flag));
  const { codec: videoCodec, crf, preset, quality } = options;
  const output = defined({ videoCodec, crf, preset, quality });
  return defined({
    profile: options.profile,
    classes: options.classes && parseNames(options.classes),
    styles: options.style && checkStyles(parsePairs(options.style)),
    label: options.label,
    reasons: options.reasons === undefined ? undefined : await reasonsOf(options.reasons),
    text: options.text,
    words: options.words === undefined ? undefined : await linesOf(options.words),
    patterns: options.pattern,
    keep: options.keep && parseNames(options.keep),
    only: options.only && parseNames(options.only),
    spans: options.span && spans(options.span, '--span'),
    zones: options.zone && boxes(options.zone, '--zone'),
    boxes: options.box?.map((value) => parseFixedBox(value, '--box')),
    keepOnly: options.outside && boxes(options.outside, '--outside'),
    audio: audioOf(options, spans(options.mute, '--mute'), spans(options.bleep, '--bleep')),
    keepMetadata: options.keepTag,
    models: options.model && parseNames(options.model),
    allowDamage: options.allowDamage,
    output: Object.keys(output).length === 0 ? undefined : output,
  });
}

/** The object without its undefined properties, which plain data crossing to a worker and into a digest must not have. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function checkStyles(pairs: Record<string, string>): NonNullable<RedactionSettings['styles']> {
  const parsed = z.record(z.string(), z.enum(styles)).safeParse(pairs);
  if (parsed.success) return parsed.data;
  throw new TidewaiterError(
    'E_OPTION',
    '--style names a style that does not exist',
    `Use one of ${styles.join(', ')}.`,
  );
}

function audioOf(
  options: RedactOptions,
  mute: NonNullable<RedactionSettings['spans']>,
  bleep: NonNullable<RedactionSettings['spans']>,
): RedactionSettings['audio'] {
  if (mute.length > 0 && bleep.length > 0) {
    throw new TidewaiterError(
      'E_OPTION',
      '--mute and --bleep cannot be mixed',
      'Use one of them for all spans.',
    );
  }
  if (mute.length + bleep.length === 0)
    return options.audio === undefined ? undefined : { mode: options.audio };
  return mute.length > 0
    ? { mode: 'spans', spans: mute, style: 'mute' }
    : { mode: 'spans', spans: bleep, style: 'bleep' };
}

async function reasonsOf(name: string): Promise<NonNullable<RedactionSettings['reasons']>> {
  return builtInReasonTables.includes(name)
    ? reasonTable(name)
    : reasonTable(name, await readOptionFile(name, '--reasons'));
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readOptionFile(path, '--words');
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : line.trim()));
}

async function engineOf(options: z.infer<typeof engineSchema>): Promise<EngineOptions> {
  return {
    permit: options.permit === undefined ? evaluationPermit : await permitOf(options.permit),
    ...(options.permitKey === undefined
      ? {}
      : { publicKey: await readOptionFile(options.permitKey, '--permit-key') }),
    cacheDir: defaultCacheDir(process.env, homedir()),
    ...(options.modelDir === undefined ? {} : { userDir: options.modelDir }),
    threads: options.threads,
  };
}

async function permitOf(path: string): Promise<Permit> {
  const text = await readOptionFile(path, '--permit');
  try {
    return signedPermitSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new TidewaiterError(
      'E_PERMIT_FORMAT',
      `${path} is not a signed permit`,
      'Ask its issuer for a new one.',
      {
        cause: error,
      },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

const detectSchema = engineSchema.extend({
  effort: z.enum(['fast', 'standard', 'thorough']).default('standard'),
  model: list,
  words: z.string().optional(),
  pattern: list,
  allowDamage: z.literal(true).optional(),
});

const detect: CommandSpec = {
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
        effort: options.effort,
        models: parseNames(options.model ?? []),
        words: options.words === undefined ? [] : await linesOf(options.words),
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

export const commands: readonly CommandSpec[] = [redact, detect];
