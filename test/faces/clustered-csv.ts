import type { Comparisons } from '../../src/stats/biometric/comparisons.ts';

/** Comparisons as a table of scores, in blocks of text. */
export function* clusteredCsv({ scores, mated, subjects, groups }: Comparisons): Generator<string> {
  let block = '# simulated\nprobe_subject,ref_subject,probe_group,ref_group,type,score\n';
  for (let row = 0; row < scores.length; row++) {
    const group = groups!.names[groups!.probe[row]!]!;
    const kind = mated[row] === 1 ? 'mated' : 'nonmated';
    block += `s${subjects!.probe[row]},s${subjects!.reference[row]},${group},${group},${kind},${scores[row]!.toFixed(4)}\n`;
    if (block.length < 1 << 20) continue;
    yield block;
    block = '';
  }
  yield block;
}
