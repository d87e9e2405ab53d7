import { z } from 'zod';
import { digestLine, headline, oneLine, severityOf, type Outgoing } from './message.ts';
import { xmlText } from './xml.ts';

/** What a template may name. */
export const templateFields = [
  ...(['id', 'what', 'status', 'step', 'severity', 'text', 'site', 'camera', 'slot'] as const),
  ...(['incident', 'rules', 'at', 'startedAt', 'link', 'count', 'messages'] as const),
] as const;
type Field = (typeof templateFields)[number];

const place = /\{\{([^{}]*)\}\}/g;
const known: ReadonlySet<string> = new Set(templateFields);
const text = z
  .string()
  .max(10_000)
  .refine((given) => [...given.matchAll(place)].every(([, name]) => known.has(name ?? '')), {
    error: `may name ${templateFields.join(', ')} only`,
  });

/**
 * The body of an alarm. Fields stand in texts only, and each is escaped as its format asks: what a name holds can add
 * no key, field or element.
 */
export const template = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('json'),
    body: text.refine((given) => isJson(given), 'is no JSON').describe('JSON; fields inside its texts.'),
  }),
  z.strictObject({ format: z.literal('form'), fields: z.record(z.string().min(1).max(100), text) }),
  z.strictObject({
    format: z.literal('xml'),
    body: text
      .refine((given) => !/<!|<\?(?!xml )/.test(given), 'no document type, comment or instruction')
      .refine(inTexts, 'fields stand in texts or quoted attributes'),
  }),
]);
export type Template = z.output<typeof template>;

/** @returns the body and its type. */
export function fill(form: Template, outgoing: Outgoing): { readonly type: string; readonly body: string } {
  const values = valuesOf(outgoing);
  const filled = (given: string, escape = (value: string): string => value): string =>
    given.replaceAll(place, (_, name: string) => escape(values[name as Field]));
  switch (form.format) {
    case 'json': {
      const put = (_key: string, value: unknown): unknown =>
        typeof value === 'string' ? filled(value) : value;
      return { type: 'application/json', body: JSON.stringify(JSON.parse(form.body), put) };
    }
    case 'form': {
      const fields = Object.entries(form.fields).map(([key, value]): [string, string] => [
        key,
        filled(value),
      ]);
      return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
    }
    case 'xml':
      return { type: 'application/xml; charset=utf-8', body: filled(form.body, xmlText) };
  }
}

function valuesOf({ id, messages }: Outgoing): Record<Field, string> {
  const [first] = messages;
  const single = messages.length === 1;
  const incident = first.what === 'incident' && single ? first : undefined;
  const camera = first.what !== 'test' && single ? first.camera : undefined;
  return {
    ...{ id, site: first.site, status: first.status, at: first.at, severity: severityOf(messages) },
    what: single ? first.what : 'digest',
    step: incident?.step ?? '',
    text: single ? headline(first) : digestLine(messages),
    ...{ camera: oneLine(camera?.name ?? ''), slot: camera?.slot ?? '' },
    ...{ incident: incident?.incident ?? '', rules: incident?.rules.join(', ') ?? '' },
    ...{ startedAt: incident?.startedAt ?? '', link: incident?.link ?? '' },
    count: String(messages.length),
    messages: messages.map(headline).join('\n'),
  };
}

function isJson(given: string): boolean {
  try {
    JSON.parse(given);
    return true;
  } catch {
    return false;
  }
}

/** A field that stands in a tag stands in quotes there. */
function inTexts(given: string): boolean {
  const tags = given.match(/<[^<>]*>/g) ?? [];
  return tags.every((tag) => !tag.replaceAll(/="[^"]*"|='[^']*'/g, '').includes('{{'));
}
