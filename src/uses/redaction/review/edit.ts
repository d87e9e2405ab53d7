import { z } from 'zod';
import type { FollowEnd } from '../../../vision/follow/follow.ts';
import type { Keyframe, Region } from '../plan.ts';

/**
 * What a person does to a review, as small operations that are kept for ever in their order. Boxes are pixels of the
 * picture as displayed, times are seconds of the source's own clock. `null` takes a choice back.
 */

const moment = z.number().min(-1e9).max(1e9);
const pixel = z.number().min(-1e6).max(1e6);
const side = z.number().min(0.1).max(1e6);
const name = z
  .string()
  .regex(/^[\w.-]{1,80}$/)
  .describe('Letters, digits, `_`, `.` and `-`.');
const className = z.string().min(1).max(80);
const box = z.tuple([pixel, pixel, side, side]).describe('x, y, width, height');
const keyframes = z
  .array(z.tuple([moment, pixel, pixel, side, side]))
  .min(1)
  .max(20_000);

const styleNames = [
  'solid',
  'pixelate',
  'blur',
  'outline',
  'mosaic-inside',
  'blur-inside',
] as const satisfies readonly Region['style'][];

const choices = {
  redact: z.boolean().nullable().optional(),
  style: z.enum(styleNames).nullable().optional(),
  reason: z.string().min(1).max(24).nullable().optional(),
};

const mark = z
  .strictObject({ op: z.literal('mark'), regions: z.array(name).min(1).max(500), ...choices })
  .describe('What becomes of single regions.');
const classRule = z
  .strictObject({
    op: z.literal('class'),
    class: className,
    ...choices,
    threshold: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .optional()
      .describe('Cover what models saw with this score at least. Takes the place of `redact`.'),
  })
  .describe('What becomes of all regions of a class for which nothing was said singly.');

const operations = [
  mark,
  classRule,
  z.strictObject({ op: z.literal('split'), region: name, at: moment, as: name }),
  z.strictObject({ op: z.literal('merge'), region: name, with: name }),
  z.strictObject({
    op: z.literal('span'),
    region: name,
    start: moment.optional(),
    end: moment.optional(),
  }),
  z.strictObject({
    op: z.literal('add'),
    region: name,
    class: className,
    shape: z.enum(['box', 'ellipse']).optional(),
    start: moment,
    end: moment,
    keyframes,
  }),
  z.strictObject({ op: z.literal('remove'), region: name }),
  z
    .strictObject({ op: z.literal('keyframe'), region: name, at: moment, box: box.nullable() })
    .describe('Puts the region there at that moment; without a box the keyframe is taken away.'),
  z
    .strictObject({ op: z.literal('path'), region: name, keyframes })
    .describe('Where the region is from the first to the last of these moments, instead of what was there.'),
  z.strictObject({
    op: z.literal('sound'),
    mode: z.enum(['keep', 'mute', 'drop']),
    style: z.enum(['mute', 'bleep']).optional().describe('How spans are hushed.'),
  }),
  z.strictObject({ op: z.literal('hush'), span: name, start: moment, end: moment }),
  z.strictObject({ op: z.literal('unhush'), span: name }),
  z.strictObject({
    op: z.literal('doubt'),
    doubt: z.string().min(1).max(200),
    verdict: z.enum(['fine', 'mended', 'open']),
  }),
  z
    .strictObject({
      op: z.literal('release'),
      release: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
      title: z.string().trim().min(1).max(120),
      choices: z
        .array(z.discriminatedUnion('op', [mark, classRule]))
        .max(500)
        .nullable(),
    })
    .describe('What one recipient gets, on top of the review. Without choices it is taken back.'),
  z.strictObject({ op: z.literal('undo'), edit: z.uuid() }),
  z.strictObject({ op: z.literal('redo'), edit: z.uuid() }),
] as const;

export const operationSchema = z.discriminatedUnion('op', operations).meta({ id: 'RedactionOperation' });
export type Operation = z.infer<typeof operationSchema>;
export type Choice = z.infer<typeof mark> | z.infer<typeof classRule>;

/** An operation with a name that its sender gave it: what is sent twice is done once. */
export const editSchema = z
  .strictObject({ id: z.uuid().toLowerCase(), do: operationSchema })
  .meta({ id: 'RedactionEdit' });
export type Edit = z.infer<typeof editSchema>;

/** What `op` names. */
export type OperationOf<Op extends Operation['op']> = Extract<Operation, { readonly op: Op }>;

/** What came of following a box, so far or in the end. */
export interface FollowReport {
  /** As the edits `add` and `path` take them. */
  readonly keyframes: readonly Keyframe[];
  /** Moment and confidence (0..1) of each frame; 0 where nothing was seen and the box covers where it may be. */
  readonly confidence: readonly (readonly [number, number])[];
  /** Where and why it ends, in both directions; null while it goes on. */
  readonly before: FollowEnd | null;
  readonly after: FollowEnd | null;
}
