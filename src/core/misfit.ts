import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** What does not fit a schema, and where. */
export interface Misfit {
  /** Keys and places in lists, one in the other; ends with the key itself where that is not known. */
  readonly path: readonly (string | number)[];
  /** The path with dots; empty for the whole. */
  readonly place: string;
  /** What was expected there, in words that go on after a colon. */
  readonly what: string;
  readonly unknownKey: boolean;
}

/**
 * Checks what came from outside. What a schema says itself of a field stands; of all else is said what was expected, in the same
 * plain words wherever something is read: options, settings, files, requests. What was given is never repeated.
 */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  return schema.safeParse(value, { error: expectation });
}

/** The first thing that does not fit; in a choice between forms, that of the form which was meant most likely. */
export function misfitOf(error: z.ZodError): Misfit {
  return misfitIn(error.issues);
}

/** Each thing that does not fit. */
export function misfitsOf(error: z.ZodError): Misfit[] {
  return error.issues.map((issue) => misfitIn([issue]));
}

function misfitIn(issues: readonly Issue[]): Misfit {
  const { issue, above } = innermost(issues[0]!, []);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...above, ...issue.path, ...unknown].map((part) =>
    typeof part === 'symbol' ? String(part) : part,
  );
  const unknownKey = unknown.length > 0;
  return {
    path,
    place: path.join('.'),
    what: unknownKey ? 'there is no such key' : issue.message,
    unknownKey,
  };
}

/** A form whose own fault lies deeper was followed further; where all fail at once, the choice itself is the fault. */
function innermost(
  issue: Issue,
  above: readonly PropertyKey[],
): { issue: Issue; above: readonly PropertyKey[] } {
  if (issue.code !== 'invalid_union') return { issue, above };
  const forms = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const depth = (form: Issue): number => form.path.length + (form.code === 'unrecognized_keys' ? 1 : 0);
  const deepest = Math.max(0, ...forms.map(depth));
  const meant = forms.filter((form) => depth(form) === deepest);
  return deepest === 0 || meant.length !== 1
    ? { issue, above }
    : innermost(meant[0]!, [...above, ...issue.path]);
}

/** What was expected where something else stands. */
function expectation(issue: RawIssue): string {
  const missing = issue.input === undefined ? 'it is missing; ' : '';
  switch (issue.code) {
    case 'invalid_type':
      return `${missing}${kindOf(issue.expected)} belongs here${insteadOf(issue)}`;
    case 'invalid_value':
      return `${missing}${oneOf(issue.values)} belongs here`;
    case 'too_small':
      return bound(issue.origin, issue.minimum, {
        exact: issue.exact,
        word: issue.inclusive === false ? 'more than' : 'at least',
      });
    case 'too_big':
      return bound(issue.origin, issue.maximum, {
        exact: issue.exact,
        word: issue.inclusive === false ? 'less than' : 'at most',
      });
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor} belongs here`;
    case 'invalid_format':
      return formats[issue.format] ?? 'it is not written as it must be';
    case 'unrecognized_keys':
      return `there is no such key as ${issue.keys[0] ?? ''}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? `${missing}${oneOfKinds(issue.errors)}`
        : `${missing}${oneOf((issue.options ?? []) as readonly unknown[])} belongs here`;
    case 'invalid_key':
      return 'it has a key that may not stand here';
    default:
      return 'it does not fit';
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  null: 'nothing',
  undefined: 'nothing',
  never: 'nothing',
};

const formats: Readonly<Record<string, string>> = {
  url: 'an address such as https://name.example belongs here',
  uuid: 'an id (UUID) belongs here',
  email: 'an email address belongs here',
  date: 'a date such as 2026-12-25 belongs here',
  datetime: 'a time such as 2026-12-25T18:00:00Z belongs here',
  base64: 'base64 belongs here',
  base64url: 'base64url belongs here',
};

function kindOf(expected: string): string {
  return kinds[expected] ?? expected;
}

function insteadOf({ input, expected }: { readonly input?: unknown; readonly expected: string }): string {
  if (input === undefined || (expected === 'int' && Number.isFinite(input))) return '';
  if (typeof input === 'number' && !Number.isFinite(input)) return ', not NaN or infinity';
  if (input === null) return ', not null';
  const kind = Array.isArray(input) ? 'array' : typeof input;
  return `, not ${kindOf(kind)}`;
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length < 2 ? (texts[0] ?? 'nothing') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

function oneOfKinds(forms: readonly (readonly Issue[])[]): string {
  const kindsOf = forms.flatMap(([first]) =>
    first?.code === 'invalid_type' && first.path.length === 0 ? [kindOf(first.expected)] : [],
  );
  return kindsOf.length === forms.length
    ? `${oneOf([...new Set(kindsOf)])} belongs here`
    : 'it is none of the things that may stand here';
}

interface Bound {
  readonly exact: boolean | undefined;
  readonly word: string;
}

function bound(origin: string, limit: number | bigint, { exact, word }: Bound): string {
  const many = exact === true ? 'exactly' : word;
  if (origin === 'string' && word === 'at least' && Number(limit) === 1) return 'it must not be empty';
  if (origin === 'string') return `it must have ${many} ${limit} characters`;
  if (['array', 'set', 'map', 'object'].includes(origin))
    return `it must have ${many} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return `it must be ${many} ${limit}`;
}
