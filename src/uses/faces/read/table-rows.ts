import { TidewaiterError } from '../../../core/errors.ts';
import { Fields } from './fields.ts';
import { growing, type Growing } from './growing.ts';
import { readLines, type Line } from './lines.ts';
import { Names } from './names.ts';
import { NOT_ASSESSED, qualityComponent } from './quality.ts';
import type { Rows, ScoreFile } from './score-file.ts';
import { halvesOf, Twice } from './twice.ts';

const MOST_GROUPS = 255;
const UNKNOWN = 255;

/** Words for the two kinds of comparison. */
const kinds = new Map<string, 0 | 1>([
  ...['mated', 'genuine', '1'].map((word) => [word, 1] as const),
  ...['nonmated', 'non-mated', 'impostor', '0', '-1'].map((word) => [word, 0] as const),
]);

interface QualityPlace {
  readonly component: string;
  readonly at: number;
  readonly values: Growing<Uint8Array>;
}

/** Rows of a table whose header names its columns. */
export class TableRows implements Rows {
  readonly commas = true;
  readonly #columns: number;
  readonly #type: number;
  readonly #score: number;
  readonly #id: number | undefined;
  readonly #subjects: readonly [number, number] | undefined;
  readonly #groups: readonly [number, number] | undefined;
  readonly #quality: readonly QualityPlace[];

  readonly #scores = growing.doubles();
  readonly #mated = growing.bytes();
  readonly #subjectNames = new Names();
  readonly #groupNames = new Names();
  readonly #subjectGroup = growing.bytes();
  readonly #probe = growing.words();
  readonly #reference = growing.words();
  readonly #probeGroup = growing.bytes();
  readonly #referenceGroup = growing.bytes();
  readonly #twice = new Twice();

  /** @param header whose fields are the names of the columns. @throws TidewaiterError `E_SCORES_COLUMNS`. */
  constructor(header: Fields) {
    const names = header.texts();
    const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
    if (twice !== undefined) throw wrong(header, `there are two columns called ${twice}`);
    const find = (name: string): number | undefined =>
      names.includes(name) ? names.indexOf(name) : undefined;
    const need = (name: string): number => {
      const at = find(name);
      if (at === undefined) throw wrong(header, `there is no column called ${name}`);
      return at;
    };
    const both = (a: string, b: string): [number, number] | undefined =>
      find(a) === undefined && find(b) === undefined ? undefined : [need(a), need(b)];
    this.#columns = names.length;
    this.#type = need('type');
    this.#score = need('score');
    this.#id = find('comparison');
    this.#subjects = both('probe_subject', 'ref_subject');
    this.#groups = both('probe_group', 'ref_group');
    this.#quality = names.flatMap((name, at) => {
      const component = qualityComponent(name);
      return component === undefined ? [] : [{ component, at, values: growing.bytes() }];
    });
  }

  take(fields: Fields, line: Line): void {
    if (fields.count !== this.#columns)
      throw wrong(fields, `there are ${fields.count} fields, and ${this.#columns} columns`);
    const mated = kinds.get(fields.text(this.#type));
    if (mated === undefined)
      throw fields.error(
        'E_SCORES_TYPE',
        `"${fields.text(this.#type)}" is no kind of comparison`,
        'Write mated or nonmated.',
      );
    this.#mated.push(mated);
    this.#scores.push(fields.number(this.#score));
    if (this.#groups !== undefined) this.#takeGroups(fields, mated, this.#groups);
    if (this.#subjects !== undefined) this.#takeSubjects(fields, mated, this.#subjects);
    for (const { at, values } of this.#quality) values.push(quality(fields, at));
    if (this.#id === undefined) this.#twice.add(line.bytes, line.start, line.end);
    else this.#twice.add(fields.bytes, fields.start(this.#id), fields.end(this.#id));
  }

  /** @throws TidewaiterError `E_SCORES_REPEATED` when two rows have one id. */
  async finish(path: string): Promise<Omit<ScoreFile, 'sha256' | 'simulated'>> {
    const { count, halves } = this.#twice.repeated();
    if (this.#id !== undefined && halves !== undefined) await refuseRepeated(path, this.#id, halves);
    return {
      comparisons: {
        scores: this.#scores.values(),
        mated: this.#mated.values(),
        subjects:
          this.#subjects === undefined
            ? undefined
            : {
                count: this.#subjectNames.count,
                probe: this.#probe.values(),
                reference: this.#reference.values(),
              },
        groups:
          this.#groups === undefined
            ? undefined
            : {
                names: Array.from({ length: this.#groupNames.count }, (_, group) =>
                  this.#groupNames.nameOf(group),
                ),
                probe: this.#probeGroup.values(),
                reference: this.#referenceGroup.values(),
              },
      },
      format: 'table',
      quality: this.#quality.map(({ component, values }) => ({ component, values: values.values() })),
      repeatedRows: this.#id === undefined ? count : 0,
    };
  }

  #takeGroups(fields: Fields, mated: 0 | 1, [probe, reference]: readonly [number, number]): void {
    const [own, other] = [this.#group(fields, probe), this.#group(fields, reference)];
    if (mated === 1 && own !== other) throw contradiction(fields, 'a mated comparison is between two groups');
    this.#probeGroup.push(own);
    this.#referenceGroup.push(other);
  }

  #takeSubjects(fields: Fields, mated: 0 | 1, [probe, reference]: readonly [number, number]): void {
    const [own, other] = [this.#subject(fields, probe), this.#subject(fields, reference)];
    if ((own === other) !== (mated === 1))
      throw contradiction(
        fields,
        mated === 1 ? 'a mated comparison is of two subjects' : 'a non-mated comparison is of one subject',
      );
    this.#probe.push(own);
    this.#reference.push(other);
    if (this.#groups === undefined) return;
    this.#checkGroup(fields, own, this.#probeGroup.last());
    this.#checkGroup(fields, other, this.#referenceGroup.last());
  }

  #checkGroup(fields: Fields, subject: number, group: number): void {
    while (this.#subjectGroup.length <= subject) this.#subjectGroup.push(UNKNOWN);
    const known = this.#subjectGroup.at(subject);
    if (known === UNKNOWN) this.#subjectGroup.set(subject, group);
    else if (known !== group)
      throw contradiction(
        fields,
        `${this.#subjectNames.nameOf(subject)} is of ${this.#groupNames.nameOf(group)} here and of ${this.#groupNames.nameOf(known)} before`,
      );
  }

  #subject(fields: Fields, at: number): number {
    if (fields.isEmpty(at)) throw contradiction(fields, 'a subject has no name');
    return this.#subjectNames.numberOf(fields.bytes, fields.start(at), fields.end(at));
  }

  #group(fields: Fields, at: number): number {
    if (fields.isEmpty(at)) throw contradiction(fields, 'a group has no name');
    const group = this.#groupNames.numberOf(fields.bytes, fields.start(at), fields.end(at));
    if (group < MOST_GROUPS) return group;
    throw contradiction(fields, `there are more than ${MOST_GROUPS} groups`);
  }
}

/** Whole numbers as the standard has them; empty, or -1 as its reference implementation writes, where it could not be told. */
function quality(fields: Fields, at: number): number {
  if (fields.isEmpty(at)) return NOT_ASSESSED;
  const value = fields.number(at);
  if (value === -1) return NOT_ASSESSED;
  if (value >= 0 && value <= 100) return Math.round(value);
  throw fields.error('E_SCORES_NUMBER', `${value} is no quality`, 'Write 0 to 100, or nothing.');
}

/** Reads the file once more, as only hashes were kept. */
async function refuseRepeated(
  path: string,
  id: number,
  [low, high]: readonly [number, number],
): Promise<void> {
  const fields = new Fields(path);
  const seen = new Map<string, number>();
  await readLines(path, (line) => {
    fields.splitCommas(line);
    const found = halvesOf(fields.bytes, fields.start(id), fields.end(id));
    if (found[0] !== low || found[1] !== high) return;
    const name = fields.text(id);
    const before = seen.get(name);
    if (before !== undefined)
      throw new TidewaiterError(
        'E_SCORES_REPEATED',
        `${path}, line ${line.number}: comparison ${name} is on line ${before} too`,
        'Give each comparison once.',
      );
    seen.set(name, line.number);
  });
}

function wrong(fields: Fields, message: string): TidewaiterError {
  return fields.error(
    'E_SCORES_COLUMNS',
    message,
    'Use the columns probe_subject, ref_subject, probe_group, ref_group, type and score.',
  );
}

function contradiction(fields: Fields, message: string): TidewaiterError {
  return fields.error(
    'E_SCORES_SUBJECT',
    message,
    'Correct who was compared, and to which group they belong.',
  );
}
