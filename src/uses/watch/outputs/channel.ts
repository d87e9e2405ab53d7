import { z } from 'zod';
import { toldSteps } from './message.ts';
import { template, templateFields } from './template.ts';

const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '', {
    error: 'give user and password apart, not in the address',
  });
const host = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a name or an address');
const port = z.int().min(1).max(65_535);
const user = z.string().min(1).max(200).optional();
const password = z.string().max(500).optional();
const ca = z
  .string()
  .max(50_000)
  .optional()
  .describe('PEM of who signs its certificate, when no public one does.');
const mailbox = z.email().max(254);
const header = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/),
  z.string().regex(/^[\x20-\x7e]{0,1000}$/, 'printable characters only'),
);
const sender = z
  .string()
  .regex(/^[^\s,<&]{1,200}$/, 'no spaces, commas, < or &')
  .describe('Who sends, as CAP names it: `watch@port.example`.');

/** Where messages go, with the secrets that it takes. */
export const destination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), url: webAddress }),
  z.strictObject({
    kind: z.literal('mqtt'),
    ...{ host, port, tls: z.boolean(), user, password, ca },
    version: z.literal([4, 5]).default(5).describe('4 is MQTT 3.1.1.'),
    prefix: z
      .string()
      .regex(/^[^+#/\0]{1,60}$/, 'one level of a topic')
      .default('tidewaiter'),
  }),
  z.strictObject({
    kind: z.literal('email'),
    ...{ host, port, user, password, ca },
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    from: mailbox,
    to: z.array(mailbox).min(1).max(50),
  }),
  z.strictObject({ kind: z.literal('cap'), url: webAddress, sender, user, password }),
  z.strictObject({
    kind: z.literal('vms-http'),
    url: webAddress,
    method: z.enum(['POST', 'PUT']).default('POST'),
    headers: header.default({}),
    template: template.describe(`With ${templateFields.map((name) => `{{${name}}}`).join(', ')}.`),
    ...{ user, password },
  }),
  z.strictObject({ kind: z.literal('onvif-event'), url: webAddress, user, password }),
]);
export type Destination = z.output<typeof destination>;
export type DestinationOf<Kind extends Destination['kind']> = Extract<Destination, { readonly kind: Kind }>;

const hours = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write hours as 22:00-06:00');
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** Which messages a channel carries, and when. */
export const choice = z.strictObject({
  severities: z
    .array(z.enum(['low', 'medium', 'high']))
    .min(1)
    .default(['low', 'medium', 'high']),
  rules: z.array(z.string().max(63)).max(200).default([]).describe('All when it is empty.'),
  steps: z
    .array(z.enum(toldSteps))
    .min(1)
    .default([...toldSteps]),
  quiet: z
    .partialRecord(z.enum(weekdays), z.array(hours).max(10))
    .default({})
    .describe('Hours, by the clocks of the site, in which messages wait: they come when the hours are over.'),
  perMinute: z
    .int()
    .min(1)
    .max(600)
    .optional()
    .describe('More than so many come as one digest; 6 for mail, else no limit.'),
});
export type Choice = z.output<typeof choice>;

const secretKeys: ReadonlySet<string> = new Set(['password', 'headers', 'secret']);

/** What may be shown of a destination, and what is wrapped. */
export function withoutSecrets(given: object): { readonly shown: object; readonly secrets: object } {
  const entries = Object.entries(given);
  return {
    shown: Object.fromEntries(entries.filter(([key]) => !secretKeys.has(key))),
    secrets: Object.fromEntries(entries.filter(([key]) => secretKeys.has(key))),
  };
}

export const channelContext = (id: string): string => `watch-channel:${id}`;

/** Messages a minute, of a channel that does not say. */
export function limitOf(kind: Destination['kind'], { perMinute }: Choice): number {
  return perMinute ?? (kind === 'email' ? 6 : Infinity);
}
