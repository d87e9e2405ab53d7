import type { CheckedChain, CheckedLine, LineProblem } from '../../../core/chain.ts';

const sentences: Readonly<Record<LineProblem, string>> = {
  form: 'is not as it was written',
  place: 'is not in its place: lines were removed, moved or put in',
  link: 'does not follow from the line before it: one of them was changed, or a line between them removed',
  signature: 'was changed: its signature does not fit',
  signer: 'was signed by another key than the one given',
};

/** What is wrong with a line, as a sentence that names it. */
export function lineProblem({ number, entry, problem }: CheckedLine): string {
  const sentence = `line ${number} of the chain ${problem === undefined ? 'is sound' : sentences[problem]}`;
  return problem === 'signer' && entry !== undefined ? `${sentence} (${entry.fingerprint})` : sentence;
}

/** What is wrong with a chain, as sentences; empty for a sound one. */
export function chainProblems({ lines, whole }: CheckedChain): string[] {
  return [
    ...(lines.length === 0 ? ['there is no chain here, or it is empty'] : []),
    ...lines.filter(({ problem }) => problem !== undefined).map(lineProblem),
    ...(whole ? [] : ['the chain ends in the middle of a line, or is not text']),
  ];
}
