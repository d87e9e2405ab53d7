import { TidewaiterError } from '../../../core/errors.ts';
import type { Search } from '../../../stats/biometric/identification.ts';
import { readRecords } from './records.ts';

export interface GroupedSearch extends Search {
  /** Of the person who was searched for; empty when the file has no groups. */
  readonly group: string;
}

const columns = {
  known: ['search', 'subject', 'group', 'enrolled', 'rank', 'candidate', 'score'],
  needed: ['search', 'subject', 'enrolled', 'rank', 'candidate', 'score'],
};

interface OpenSearch {
  readonly id: string;
  readonly subject: string;
  readonly group: string;
  readonly mated: boolean;
  ranks: number;
  lastScore: number;
  topScore: number;
  mate: { rank: number; score: number } | undefined;
}

/**
 * Reads ranked lists of candidates, one candidate a row, the rows of a search together and by rank; a search that returned nobody is
 * one row without candidate.
 * @param listLength candidates beyond it are not looked at.
 * @throws TidewaiterError as `readRecords`, `E_SCORES_REPEATED`, `E_SCORES_SUBJECT`, `E_SCORES_EMPTY`.
 */
export async function readSearches(
  path: string,
  listLength: number,
): Promise<{ readonly searches: readonly GroupedSearch[]; readonly sha256: string }> {
  const searches: GroupedSearch[] = [];
  const seen = new Set<string>();
  let open: OpenSearch | undefined;
  const close = (): void => {
    if (open !== undefined)
      searches.push({ mated: open.mated, topScore: open.topScore, mate: open.mate, group: open.group });
  };
  const sha256 = await readRecords(path, columns, (row) => {
    const [id, subject, group] = [row.text('search'), row.text('subject'), row.text('group')];
    const mated =
      row.flag('enrolled') ?? row.refuse('E_SCORES_TYPE', 'enrolled is empty', 'Write yes or no.');
    if (id === '' || subject === '')
      row.refuse('E_SCORES_SUBJECT', 'search or subject has no name', 'Name both.');
    if (open?.id !== id) {
      close();
      if (seen.has(id))
        row.refuse('E_SCORES_REPEATED', `search ${id} is there twice`, 'Put the rows of a search together.');
      seen.add(id);
      open = {
        id,
        subject,
        group,
        mated,
        ranks: 0,
        lastScore: Infinity,
        topScore: -Infinity,
        mate: undefined,
      };
    }
    if (open.subject !== subject || open.group !== group || open.mated !== mated)
      row.refuse('E_SCORES_SUBJECT', `search ${id} is of several people`, 'Give each search one subject.');
    const [rank, candidate, score] = [row.number('rank'), row.text('candidate'), row.number('score')];
    if (rank === undefined && candidate === '' && score === undefined) return;
    if (rank !== open.ranks + 1 || candidate === '' || score === undefined || score > open.lastScore)
      return row.refuse(
        'E_SCORES_SUBJECT',
        `candidate ${open.ranks + 1} of search ${id} is missing, or not in order`,
        'Give rank, candidate and score of each, by rank, with falling scores.',
      );
    if (candidate === subject && !mated)
      row.refuse('E_SCORES_SUBJECT', `${subject} is found and not enrolled`, 'Say who is enrolled.');
    open.ranks = rank;
    open.lastScore = score;
    if (rank > listLength) return;
    open.topScore = Math.max(open.topScore, score);
    if (candidate === subject) open.mate ??= { rank, score };
  });
  close();
  if (searches.length > 0) return { searches, sha256 };
  throw new TidewaiterError('E_SCORES_EMPTY', `${path} holds no searches`, 'Give a file with searches.');
}
