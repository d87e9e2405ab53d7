import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  exitCode,
  parseOptions,
  type CommandIo,
  type CommandOptions,
  type CommandSpec,
} from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import { redactBatch, type BatchJob } from './batch.ts';
import { engineOf, engineOptions } from '../../host/engine-options.ts';
import { needsReview, readPlanFile, redactableFile, redactFile } from './job.ts';
import { signerOf } from './record/own-key.ts';
import { outputContainer, pathsFor, pathsIn, type OutputPaths } from './outputs.ts';
import { profileNames, redactableClasses } from './profile.ts';
import { builtInReasonTables } from './reasons.ts';
import { redactSchema, settingsOf, type RedactOptions } from './redact-options.ts';
import { report, reportItem, summarise } from './redact-report.ts';
import { findPlace } from './remote/place.ts';
import { redactingAt } from './remote/run.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';
import { styles } from './styles.ts';

export const redact: CommandSpec = {
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
    { flags: '--crf <n>', summary: 'video quality, 0 to 51, lower is better (21)' },
    { flags: '--preset <name>', summary: 'encoder preset (veryfast); quick is the same with less search' },
    { flags: '--quality <n>', summary: 'picture quality, 1 to 100 (90)' },
    { flags: '--allow-damage', summary: 'go on where video is damaged, with the damaged frames blank' },
    { flags: '--force', summary: 'replace outputs that are there already' },
    { flags: '--no-check', summary: 'do not look at the output again; the record then says so' },
    {
      flags: '--sign-key <file>',
      summary: 'key (PEM, Ed25519 or P-256) that signs the record; your own by default',
    },
    { flags: '--alone', summary: 'work here, though a platform runs' },
    { flags: '--case <id>', summary: 'case of the platform, by id or title; a new one by default' },
    { flags: '--site <id>', summary: 'site of a new case, for who works at several' },
    {
      flags: '--as <login>',
      summary: 'who you are at the platform of this machine; your user name by default',
    },
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
    {
      line: 'TIDEWAITER_URL=https://... TIDEWAITER_TOKEN=tw_... tidewaiter redact clip.mp4 -o out/',
      summary: 'at the platform, in a new case',
    },
  ],
  run: runRedact,
};

/** What options have when nobody gives them. */
const usual: CommandOptions = { profile: 'standard', threads: '2', check: true };

async function runRedact(inputs: readonly string[], given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(redactSchema, given);
  const settings = await settingsOf(options);
  checkedProfile(settings);
  if (options.plan !== undefined) refuseDecided(settings);
  const place = await findPlace(options, process.env, process.cwd());
  if (place === undefined) {
    refusePlatformOptions(options);
    const key = await signerOf(options.signKey);
    return redactWith({ redact: redactFile, key }, inputs, options, settings, io);
  }
  try {
    const redact = await redactingAt(place, { inputs, options, given, usual }, io);
    return await redactWith({ redact }, inputs, options, settings, io);
  } finally {
    await place.close();
  }
}

/** What redacts one file, here or elsewhere, and what seals it if that is done here. */
interface Way {
  readonly redact: typeof redactFile;
  readonly key?: SigningKey;
}

async function redactWith(
  { redact, ...sealing }: Way,
  inputs: readonly string[],
  options: RedactOptions,
  settings: RedactionSettings,
  io: CommandIo,
): Promise<number> {
  const engine = await engineOf(options);
  const folders = await Promise.all(inputs.map(isFolder));
  const [input] = inputs;
  if (input === undefined) return exitCode.usage;
  const how = { settings, engine, ...sealing, check: options.check };
  if (inputs.length > 1 || folders[0] === true) return runFolder(inputs, options, how, redact, io);

  const outputs = await outputsFor(input, options);
  const plan = options.plan === undefined ? undefined : await readPlanFile(options.plan);
  const outcome = await redact(
    {
      input,
      outputs,
      ...how,
      ...(plan === undefined ? {} : { plan }),
      ...(options.planOnly === undefined ? {} : { planOnly: true }),
      ...(options.force === undefined ? {} : { force: true }),
    },
    { onProgress: io.progress, signal: io.signal },
  );
  await report(input, outputs, outcome, io);
  return needsReview(outcome) ? exitCode.attention : exitCode.done;
}

/** What a plan decides cannot be decided again beside it: silently doing neither would be worse. */
function refuseDecided(settings: RedactionSettings): void {
  const { profile: _profile, allowDamage: _damage, ...decided } = settings;
  const [name] = Object.keys(decided);
  if (name === undefined) return;
  throw new TidewaiterError(
    'E_OPTION',
    `With --plan the plan decides, and the options ask for ${name} as well`,
    'Edit the plan instead, or leave --plan away.',
  );
}

/** What only a platform has would otherwise be left undone without a word. */
function refusePlatformOptions(options: RedactOptions): void {
  const name = (['case', 'site', 'as'] as const).find((key) => options[key] !== undefined);
  if (name === undefined) return;
  throw new TidewaiterError(
    'E_OPTION',
    `--${name} is for work at a platform, and ${options.alone === true ? '--alone was given' : 'none runs here'}`,
    'Start it, or name it in TIDEWAITER_URL; or leave the option away.',
  );
}

async function runFolder(
  inputs: readonly string[],
  options: RedactOptions,
  how: Pick<BatchJob, 'settings' | 'engine' | 'key' | 'check'>,
  redact: typeof redactFile,
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
      ...how,
      ...(options.container === undefined ? {} : { container: options.container }),
      ...(options.force === undefined ? {} : { force: true }),
    },
    (item, index, count) => reportItem(item, `${index + 1}/${count}`, io),
    { onProgress: io.progress, signal: io.signal },
    redact,
  );
  return summarise(items, io);
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

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
