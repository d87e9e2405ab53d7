import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { engineSchema, readOptionFile } from '../../host/engine-options.ts';
import { parseBox, parseFixedBox, parseNames, parsePairs, parseSpan, readLines } from './parse-options.ts';
import { builtInReasonTables, reasonTable } from './reasons.ts';
import type { RedactionSettings } from './settings.ts';
import { styles } from './styles.ts';

const list = z.array(z.string()).optional();

/** What the command line gives `redact`. */
export const redactSchema = engineSchema.extend({
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
  check: z.boolean().default(true),
  signKey: z.string().optional(),
  alone: z.literal(true).optional(),
  case: z.string().optional(),
  site: z.string().optional(),
  as: z.string().optional(),
});
export type RedactOptions = z.infer<typeof redactSchema>;

/**
 * The settings that the options ask for.
 * @throws TidewaiterError `E_OPTION`, `E_OPTION_FILE`, `E_REASONS`.
 */
export async function settingsOf(options: RedactOptions): Promise<RedactionSettings> {
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
    words: options.words === undefined ? undefined : await readLines(options.words, '--words'),
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
