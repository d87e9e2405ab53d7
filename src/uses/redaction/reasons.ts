import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';

/** A table of reasons that may be given for a redaction, with the law each one rests on. */
export const reasonTableSchema = z
  .strictObject({
    id: z.string().min(1),
    title: z.string().min(1),
    reasons: z.array(
      z.strictObject({
        /** As it is drawn on the mask and written in the log. */
        code: z.string().min(1).max(24),
        basis: z.string().min(1),
        text: z.string().min(1),
      }),
    ),
    /** The code proposed for a class. A proposal only: the person who releases decides. */
    proposals: z.record(z.string(), z.string()),
  })
  .refine(
    ({ reasons, proposals }) => {
      const codes = new Set(reasons.map(({ code }) => code));
      return Object.values(proposals).every((code) => codes.has(code));
    },
    { message: 'proposals name a code that is not among the reasons' },
  );
export type ReasonTable = z.infer<typeof reasonTableSchema>;

const foiaUs: ReasonTable = {
  id: 'foia-us',
  title: 'US Freedom of Information Act and Privacy Act',
  reasons: [
    {
      code: '(b)(6)',
      basis: '5 U.S.C. 552(b)(6)',
      text: 'Personnel and medical files and similar files the disclosure of which would constitute a clearly unwarranted invasion of personal privacy.',
    },
    {
      code: '(b)(7)(C)',
      basis: '5 U.S.C. 552(b)(7)(C)',
      text: 'Records or information compiled for law enforcement purposes whose production could reasonably be expected to constitute an unwarranted invasion of personal privacy.',
    },
    {
      code: '(b)(7)(E)',
      basis: '5 U.S.C. 552(b)(7)(E)',
      text: 'Records or information compiled for law enforcement purposes whose production would disclose techniques and procedures for law enforcement investigations or prosecutions, or guidelines for them if such disclosure could reasonably be expected to risk circumvention of the law.',
    },
    {
      code: '(j)(2)',
      basis: '5 U.S.C. 552a(j)(2)',
      text: 'Privacy Act: systems of records of an agency or component whose principal function pertains to the enforcement of criminal laws, about offenders, criminal investigations, and enforcement from arrest to release.',
    },
    {
      code: '(k)(2)',
      basis: '5 U.S.C. 552a(k)(2)',
      text: 'Privacy Act: investigatory material compiled for law enforcement purposes, other than material within the scope of subsection (j)(2).',
    },
  ],
  proposals: {
    face: '(b)(6)',
    head: '(b)(6)',
    person: '(b)(6)',
    plate: '(b)(6)',
    text: '(b)(6)',
    code: '(b)(6)',
    screen: '(b)(7)(E)',
  },
};

const builtIn = new Map([[foiaUs.id, foiaUs]]);

/** Names of the tables that come with the tool. */
export const builtInReasonTables: readonly string[] = [...builtIn.keys()];

/**
 * The built-in table of that name, or the table in `json` when the user brings one.
 * @throws TidewaiterError `E_REASONS`.
 */
export function reasonTable(name: string, json?: string): ReasonTable {
  const table = builtIn.get(name);
  if (json === undefined) {
    if (table !== undefined) return table;
    throw new TidewaiterError(
      'E_REASONS',
      `There is no table of reasons called ${name}`,
      `Use one of ${builtInReasonTables.join(', ')}, or the path of a JSON table of your own.`,
    );
  }
  const unfit = (why: string): TidewaiterError =>
    new TidewaiterError(
      'E_REASONS',
      `The table of reasons ${name} does not fit its format (${why})`,
      'See docs/redaction.md for a table to start from.',
    );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw unfit('it is not JSON');
  }
  const parsed = check(reasonTableSchema, value);
  if (parsed.success) return parsed.data;
  const { place, what } = misfitOf(parsed.error);
  throw unfit(`${place || 'the top'}: ${what}`);
}
