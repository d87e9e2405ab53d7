import { documentTitles, type DocumentAnswer, type DocumentContent, type DocumentKind } from './content.ts';
import type { UseFacts } from './facts.ts';

function answer(
  from: 'charter' | 'platform',
  id: string,
  section: string,
  question: string,
  lines: readonly string[],
): DocumentAnswer {
  const text = lines.join('\n');
  return { id, section, question, text, source: text === '' ? { from: 'open' } : { from } };
}

/** A question that the charter answers, a paragraph for each line; open when it says nothing. */
export function fromCharter(
  id: string,
  section: string,
  question: string,
  ...lines: readonly string[]
): DocumentAnswer {
  return answer('charter', id, section, question, lines);
}

/** A question that the records of the platform answer. */
export function fromPlatform(
  id: string,
  section: string,
  question: string,
  ...lines: readonly string[]
): DocumentAnswer {
  return answer('platform', id, section, question, lines);
}

/** A question that only a person can answer. */
export function open(id: string, section: string, question: string): DocumentAnswer {
  return { id, section, question, text: '', source: { from: 'open' } };
}

/** A document about the version of a use; tables without rows are left out. */
export function contentOf(
  kind: DocumentKind,
  { registration: { use, version, charter, charter_digest: charterDigest } }: UseFacts,
  { sections, answers, tables }: Pick<DocumentContent, 'sections' | 'answers' | 'tables'>,
): DocumentContent {
  return {
    ...{ schema: 1, kind, use, revision: version, charterDigest, sections, answers },
    title: `${documentTitles[kind]}: ${charter.title}`,
    tables: tables.filter(({ rows }) => rows.length > 0),
  };
}
