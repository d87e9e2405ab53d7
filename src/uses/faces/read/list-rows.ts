import type { Fields } from './fields.ts';
import { growing } from './growing.ts';
import type { Rows, ScoreFile } from './score-file.ts';

/** Lines `label score` (label 1 mated, 0 or -1 not), or lists whose last field is the score. */
export class ListRows implements Rows {
  /** Of all rows that come; undefined where each has a label. */
  kind: 0 | 1 | undefined;
  readonly commas = false;
  readonly #scores = growing.doubles();
  readonly #mated = growing.bytes();

  constructor(kind: 1 | undefined) {
    this.kind = kind;
  }

  take(fields: Fields): void {
    if (this.kind === undefined && fields.count !== 2)
      throw fields.error(
        'E_SCORES_COLUMNS',
        'there are not two fields',
        'Write a label and a score on each line.',
      );
    this.#mated.push(this.kind ?? this.#label(fields));
    this.#scores.push(fields.number(fields.count - 1));
  }

  finish(): Promise<Omit<ScoreFile, 'sha256' | 'simulated'>> {
    return Promise.resolve({
      comparisons: {
        scores: this.#scores.values(),
        mated: this.#mated.values(),
        subjects: undefined,
        groups: undefined,
      },
      format: this.kind === undefined ? 'labelled' : 'lists',
      quality: [],
      repeatedRows: 0,
    });
  }

  #label(fields: Fields): 0 | 1 {
    const label = fields.number(0);
    if (label === 1) return 1;
    if (label === 0 || label === -1) return 0;
    throw fields.error(
      'E_SCORES_TYPE',
      `"${fields.text(0)}" is no label`,
      'Write 1 for mated and -1 or 0 for the others.',
    );
  }
}
