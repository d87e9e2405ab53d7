import { openQuestions } from './content.ts';
import type { DocumentVersion } from './documents.ts';

/** The dated words of a version's state, which begin both exports. */
export function stateWords(
  { content, version, sealed_at: sealed, sealed_by: by }: DocumentVersion,
  names: ReadonlyMap<string, string>,
): string {
  if (sealed !== null)
    return `Signed off by ${names.get(by ?? '') ?? 'somebody who has left'} on ${sealed.toISOString().slice(0, 10)}: version ${version}.`;
  const open = openQuestions(content).length;
  const left = open === 0 ? 'All questions are answered.' : `${open} questions are not answered yet.`;
  return `Draft, not signed off. ${left}`;
}

/** Of the columns of tables, by title, 1 where nothing is said: words such as yes and met need little. */
const shares: Readonly<Record<string, number>> = {
  ...{ Status: 0.6, 'About a person': 0.5, Provision: 1.2, Meaning: 1.5, 'Shown by': 1.3 },
  ...{ 'How it is measured': 1.6, Kept: 1.4, Reason: 1.6, 'Report (SHA-256)': 1.2 },
};

/** The share of the width that a column of a table has, 1 being usual. */
export function shareOf(column: string): number {
  return shares[column] ?? 1;
}

/** Name and value of what a reader wants to know first. */
export function facts(
  { content, version, digest, at, author_id: author }: DocumentVersion,
  names: ReadonlyMap<string, string>,
): [string, string][] {
  return [
    ['Use', content.use],
    ['Revision of the charter', String(content.revision)],
    ['Charter (SHA-256)', content.charterDigest],
    ['Version of this document', String(version)],
    ['Written', `${at.toISOString().slice(0, 10)} by ${names.get(author) ?? 'somebody who has left'}`],
    ['Content (SHA-256)', digest],
  ];
}
