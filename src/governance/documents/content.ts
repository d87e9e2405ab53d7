import { z } from 'zod';

export const documentKinds = ['privacy-threshold-analysis', 'ai-impact-assessment'] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const documentTitles: Readonly<Record<DocumentKind, string>> = {
  'privacy-threshold-analysis': 'Privacy threshold analysis',
  'ai-impact-assessment': 'AI impact assessment',
};

/** Where an answer comes from: the charter, what the platform keeps, or a person; `open` when nobody answered yet. */
const sourceSchema = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('charter') }),
  z.strictObject({ from: z.literal('platform') }),
  z.strictObject({ from: z.literal('person'), by: z.uuid(), at: z.iso.datetime() }),
  z.strictObject({ from: z.literal('open') }),
]);

const answerSchema = z.strictObject({
  /** Stays the same over versions. */
  id: z.string(),
  section: z.string(),
  question: z.string(),
  /** Paragraphs, parted by line breaks. Empty while open. */
  text: z.string(),
  source: sourceSchema,
});

const tableSchema = z.strictObject({
  id: z.string(),
  section: z.string(),
  title: z.string(),
  columns: z.array(z.string()).min(1),
  rows: z.array(z.array(z.string())),
});

/** A document about a use, as data: its PDF and DOCX are made from it and from nothing else. */
export const contentSchema = z
  .strictObject({
    schema: z.literal(1),
    kind: z.enum(documentKinds),
    use: z.string(),
    title: z.string(),
    /** Version of the registration, and the digest of its charter. */
    revision: z.int(),
    charterDigest: z.string(),
    sections: z.array(z.string()),
    answers: z.array(answerSchema),
    tables: z.array(tableSchema),
  })
  .meta({ id: 'UseDocumentContent' });

export type DocumentContent = z.infer<typeof contentSchema>;
export type DocumentAnswer = z.infer<typeof answerSchema>;
export type DocumentTable = z.infer<typeof tableSchema>;

/** Questions that nobody has answered. */
export function openQuestions({ answers }: DocumentContent): DocumentAnswer[] {
  return answers.filter(({ source }) => source.from === 'open');
}

/** Where an answer comes from, in words. @param names of people by id. */
export function sourceWords({ source }: DocumentAnswer, names: ReadonlyMap<string, string>): string {
  if (source.from === 'charter') return 'From the charter';
  if (source.from === 'platform') return 'From the records of the platform';
  if (source.from === 'open') return 'Not answered yet';
  return `Written by ${names.get(source.by) ?? 'somebody who has left'} on ${source.at.slice(0, 10)}`;
}

/** What differs between two versions: answers by id, with the words before and after. */
export function differences(
  before: DocumentContent,
  after: DocumentContent,
): { readonly id: string; readonly question: string; readonly before: string; readonly after: string }[] {
  return after.answers.flatMap(({ id, question, text }) => {
    const was = before.answers.find((one) => one.id === id)?.text ?? '';
    return was === text ? [] : [{ id, question, before: was, after: text }];
  });
}
