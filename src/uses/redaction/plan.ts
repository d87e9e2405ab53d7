import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import { styles } from './styles.ts';

/**
 * The redaction plan: everything that decides what the output looks like, as JSON that a person may read and edit.
 * The same plan, version of the tool, thread count and shipped font give the same bytes. Boxes are pixels of the
 * picture as displayed, times are seconds of the source's own clock. docs/plan-format.md explains it for people, and
 * `planJsonSchema()` gives the JSON Schema.
 */

const boxSchema = z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]);
const spanSchema = z
  .tuple([z.number(), z.number()])
  .refine(([start, end]) => end >= start, { message: 'a span must not end before it starts' });

/** `[time, x, y, width, height]`; between two keyframes the box moves in a straight line. */
const keyframeSchema = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number().positive(),
  z.number().positive(),
]);
export type Keyframe = z.infer<typeof keyframeSchema>;
const keyframesSchema = z.array(keyframeSchema).min(1);

function isPath(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isKeyframe);
}

function isKeyframe(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 5) return false;
  for (const number of value) if (!Number.isFinite(number)) return false;
  return value[3] > 0 && value[4] > 0;
}

const colorSchema = z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)]);

const regionOf = (keyframes: z.ZodType<Keyframe[]>) =>
  z
    .strictObject({
      /** Unique in the plan; for tracks `class-number`. */
      id: z.string().regex(/^[\w.-]{1,80}$/),
      class: z.string().min(1),
      /** What text or code it is: `mrz`, `container-number`, `plate`, `qr`, ... */
      kind: z.string().optional(),
      /** The person or vehicle it belongs to, `person-2`: what is kept or covered together. */
      subject: z.string().optional(),
      /** False leaves it visible; the proposal stays in the plan so that a person can see it was considered. */
      redact: z.boolean(),
      shape: z.enum(['box', 'ellipse']).default('box'),
      style: z.enum(styles).default('solid'),
      color: colorSchema.optional(),
      /** Drawn on the mask. */
      label: z.string().max(60).optional(),
      /** A code of the plan's table of reasons. */
      reason: z.string().optional(),
      /** Who proposed it: a model, a person, or a rule such as a fixed box. */
      origin: z.enum(['model', 'person', 'rule']),
      /** Best score of its detections, 0..1, for regions a model proposed. */
      score: z.number().min(0).max(1).optional(),
      detections: z.int().min(0).optional(),
      /** First and last moment at which it is drawn, both included. */
      start: z.number(),
      end: z.number(),
      keyframes,
    })
    .refine((region) => region.end >= region.start, { message: 'a region must not end before it starts' })
    .refine(
      (region) =>
        region.keyframes.every((key, index, all) => index === 0 || key[0] > (all[index - 1]?.[0] ?? 0)),
      { message: 'keyframes must be in order of time' },
    );
export const regionSchema = regionOf(keyframesSchema);
export type Region = z.infer<typeof regionSchema>;

const planOf = (region: typeof regionSchema) =>
  z
    .strictObject({
      format: z.literal('tidewaiter-redaction-plan'),
      version: z.literal(1),
      tool: z.strictObject({ name: z.string(), version: z.string() }),
      /** `EVALUATION` when no agency permit was used. */
      stamp: z.string().optional(),
      source: z.strictObject({
        file: z.string().min(1),
        /** Of the file's bytes, hex; a plan renders only the file it was made for. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        kind: z.enum(['video', 'picture']),
        width: z.int().positive(),
        height: z.int().positive(),
        /** Seconds; 0 for pictures. */
        duration: z.number().min(0),
      }),
      profile: z.string(),
      models: z.array(z.strictObject({ id: z.string(), digest: z.string(), threshold: z.number() })),
      regions: z.array(region),
      /** Where and when the regions count. Absent means everywhere, always. */
      limits: z
        .strictObject({
          /** A region is drawn only at these times. */
          spans: z.array(spanSchema).optional(),
          /** A region is drawn only where it meets one of these boxes. */
          zones: z.array(boxSchema).optional(),
        })
        .default({}),
      /** When given, everything outside these boxes is hidden as well. */
      keepOnly: z.strictObject({ boxes: z.array(boxSchema).min(1), style: z.enum(styles) }).optional(),
      audio: z.discriminatedUnion('mode', [
        z.strictObject({ mode: z.literal('keep') }),
        z.strictObject({ mode: z.literal('mute') }),
        z.strictObject({ mode: z.literal('drop') }),
        z.strictObject({
          mode: z.literal('spans'),
          spans: z.array(spanSchema.transform(([start, end]) => [start, end] as [number, number])).min(1),
          style: z.enum(['mute', 'bleep']),
        }),
      ]),
      /** Names of container tags to carry over; nothing else survives. */
      keepMetadata: z.array(z.string()),
      output: z.strictObject({
        /** Extension without the dot. */
        container: z
          .string()
          .regex(/^(mp4|mov|mkv|jpe?g|png|webp|tiff?|avif)$/, 'a container that is written'),
        videoCodec: z.enum(['h264', 'h265']).optional(),
        /** Constant rate factor of the encoder, 0..51; lower is better. */
        crf: z.number().min(0).max(51).optional(),
        preset: z.string().optional(),
        encoderThreads: z.int().min(1).optional(),
        /** JPEG, WebP and AVIF quality, 1..100. */
        quality: z.int().min(1).max(100).optional(),
      }),
    })
    .refine((plan) => new Set(plan.regions.map((region) => region.id)).size === plan.regions.length, {
      message: 'two regions have the same id',
      path: ['regions'],
    });
export const planSchema = planOf(regionSchema);
export type RedactionPlan = z.infer<typeof planSchema>;

/**
 * The same for a plan that fits, without a copy of each keyframe: half an hour has a hundred thousand and more. It does not say
 * what is wrong with one that does not.
 */
const fittingPlan = planOf(
  // Without `abort` the order in time would be asked of what is no path.
  regionOf(z.custom<Keyframe[]>(isPath, { abort: true })),
);

/** How videos are encoded where neither the settings nor the plan say otherwise. */
export const usualEncoding = {
  videoCodec: 'h264',
  crf: 21,
  preset: 'veryfast',
  encoderThreads: 2,
} as const satisfies Partial<RedactionPlan['output']>;

/**
 * Checks a plan that came from outside.
 * @throws TidewaiterError `E_PLAN` naming the first field that does not fit.
 */
export function parsePlan(text: string): RedactionPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TidewaiterError(
      'E_PLAN',
      `The plan is not JSON (${error instanceof Error ? error.message : 'unreadable'})`,
      'Give the plan file that an earlier run wrote.',
    );
  }
  const fitting = fittingPlan.safeParse(value);
  if (fitting.success) return fitting.data;
  const result = check(planSchema, value);
  if (result.success) return result.data;
  const { place, what } = misfitOf(result.error);
  throw new TidewaiterError(
    'E_PLAN',
    `The plan does not fit its format at ${place || 'the top'}: ${what}`,
    'Correct that field; docs/plan-format.md lists what each one takes.',
  );
}

/**
 * The plan as text: one region a line, so that a person can edit it and a diff stays short. Fields come in the order of
 * the schema, so that equal plans are equal texts, whoever wrote them.
 */
export function formatPlan(plan: RedactionPlan): string {
  const { regions, ...head } = fittingPlan.parse(plan);
  const lines = regions.map((region) => `    ${JSON.stringify(region)}`).join(',\n');
  const opening = JSON.stringify(head, undefined, 2).slice(0, -2);
  return `${opening},\n  "regions": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}

/** JSON Schema (draft 2020-12) of the plan, for editors and other tools. */
export function planJsonSchema(): object {
  return z.toJSONSchema(planSchema, { io: 'input' });
}
