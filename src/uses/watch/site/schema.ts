import { z } from 'zod';
import { isTimeZone } from '../calendar/zone-time.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use small letters, digits and hyphens');
const share = z.number().min(0).max(1);
const notPixels =
  'a position is a share of the picture, from 0 to 1, and no pixels: divide x by its width, and y by its height';
const position = z.number().min(0, notPixels).max(1, notPixels);
/** x and y as fractions of the picture, from its top-left corner. */
const point = z.tuple([position, position]);
const polygon = z
  .array(point)
  .min(3)
  .max(64)
  .refine(hasInside, 'all its points lie on one line, so that it holds nothing');
const line = z
  .strictObject({ id, from: point, to: point })
  .refine(({ from, to }) => from.join() !== to.join(), {
    path: ['to'],
    error: 'it ends where it begins, so that nobody can cross it',
  });
const date = z.iso.date('write it as 2026-12-25');
const moment = z.iso.datetime({ offset: true, error: 'write it as 2026-12-25T18:00:00-06:00' });
const reason = z.string().min(1).max(500);

const clock = String.raw`(?:[01]\d|2[0-3]):[0-5]\d|24:00|sun(?:rise|set)(?:[+-]\d{1,3}m)?`;
const hours = z
  .string()
  .regex(
    new RegExp(`^(?:${clock}) ?- ?(?:${clock})$`),
    'write hours as 08:00-18:00, 22:00-06:00 or sunrise+30m - sunset',
  );

const calendar = z.strictObject({
  open: z
    .strictObject({
      monday: z.array(hours).default([]),
      tuesday: z.array(hours).default([]),
      wednesday: z.array(hours).default([]),
      thursday: z.array(hours).default([]),
      friday: z.array(hours).default([]),
      saturday: z.array(hours).default([]),
      sunday: z.array(hours).default([]),
    })
    .prefault({}),
  holidays: z.array(z.strictObject({ date, name: z.string().min(1) })).default([]),
  exceptions: z.array(z.strictObject({ date, open: z.array(hours), reason })).default([]),
  grace: z
    .strictObject({
      beforeOpening: z.number().int().min(0).max(720).default(0),
      afterClosing: z.number().int().min(0).max(720).default(0),
    })
    .prefault({}),
  overrides: z
    .array(
      z.strictObject({ state: z.enum(['armed', 'disarmed']), from: moment, to: moment.optional(), reason }),
    )
    .default([]),
});

const every = {
  id,
  severity: z.enum(['low', 'medium', 'high']).default('medium'),
  /** `closed`: while the site should be quiet. */
  when: z.enum(['closed', 'always']).default('closed'),
  /** Seconds after an alert of this rule in which further ones are kept but marked. */
  coolDown: z.number().min(0).max(3600).default(0),
};

const thing = {
  ...every,
  classes: z
    .array(z.enum(['person', 'vehicle', 'bag']))
    .min(1)
    .default(['person']),
  /** Median of the detector's scores of a track so far. */
  minScore: share.default(0.4),
  /** Height of the thing as a share of the picture's. */
  minHeight: share.default(0),
  maxHeight: share.default(1),
};

const rule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('zone-entry'),
    ...thing,
    zone: z.string(),
    /** Looks in a row in which somebody must be in (or out) before it counts. */
    inertia: z.number().int().min(1).max(50).default(3),
  }),
  z.strictObject({
    kind: z.literal('line-crossing'),
    ...thing,
    line: z.string(),
    direction: z.enum(['to-left', 'to-right', 'both']).default('both'),
  }),
  z.strictObject({
    kind: z.literal('dwell'),
    ...thing,
    zone: z.string(),
    seconds: z.number().positive().max(86_400),
  }),
  z.strictObject({
    kind: z.enum(['object-left', 'object-removed']),
    ...every,
    zone: z.string(),
    seconds: z.number().min(1).max(3600).default(10),
    minHeight: share.default(0),
    maxHeight: share.default(1),
  }),
  z.strictObject({
    kind: z.literal('tamper'),
    ...every,
    what: z
      .array(z.enum(['black', 'blurred', 'covered', 'frozen', 'moved']))
      .min(1)
      .default(['black', 'blurred', 'covered', 'frozen', 'moved']),
    seconds: z.number().min(1).max(600).default(5),
  }),
]);

const camera = z.strictObject({
  id,
  /** Never looked at: blanked before any model or motion gate sees the picture. */
  privacy: z.array(z.strictObject({ name: z.string().min(1), polygon })).default([]),
  /** `protected`: no suppression that was learned from dismissals hides what happens there. */
  zones: z.array(z.strictObject({ id, polygon, protected: z.boolean().optional() })).default([]),
  lines: z.array(line).default([]),
  rules: z.array(rule).default([]),
});

/** The site file, as it is written. */
export const siteSchema = z.strictObject({
  site: z.string().min(1),
  timeZone: z.string().refine(isTimeZone, 'no such time zone: use an IANA name such as America/Chicago'),
  location: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
  calendar: calendar.prefault({}),
  cameras: z.array(camera).min(1),
});

export type SiteFile = z.output<typeof siteSchema>;
export type CameraFile = SiteFile['cameras'][number];
export type Rule = CameraFile['rules'][number];
export type Severity = Rule['severity'];

/** Whether its first point makes a triangle with any two that follow each other. */
function hasInside(points: readonly z.output<typeof point>[]): boolean {
  const [[x, y] = [0, 0]] = points;
  const sides = points.map(([px, py]) => [px - x, py - y] as const);
  return sides.some(([ax, ay], at) => {
    const [bx, by] = sides[at + 1] ?? [0, 0];
    return Math.abs(ax * by - ay * bx) > 1e-9;
  });
}

/** JSON Schema of the site file, for editors. */
export function siteJsonSchema(): unknown {
  return z.toJSONSchema(siteSchema, { io: 'input' });
}
