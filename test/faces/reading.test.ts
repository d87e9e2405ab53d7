import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { Fields } from '../../src/uses/faces/read/fields.ts';
import { readLines } from '../../src/uses/faces/read/lines.ts';
import { readScores, type ScoreFile } from '../../src/uses/faces/read/score-file.ts';
import { readSearches } from '../../src/uses/faces/read/searches.ts';
import { readTransactions } from '../../src/uses/faces/read/transactions.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-scores-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function file(content: string | Buffer): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return path;
}

const read = (content: string | Buffer): Promise<ScoreFile> => readScores(file(content));
const head = 'probe_subject,ref_subject,probe_group,ref_group,type,score\n';
const good = 'a,a,X,X,mated,0.9\na,b,X,X,nonmated,0.1\n';

describe('files of scores', () => {
  test('may have a byte order mark, any line ends, quotes, spaces, comments and columns in any order', async () => {
    const found = await read(
      '\uFEFF# simulated by us\r\nscore, type ,ref_group,"probe_group",ref_subject,probe_subject,note\r\n\r\n 0.9,mated,X,X,a,a,"so, so"\r\n1e-3,impostor,Y,X,"b ""B""",a,\r\n-1e300,0,Y,X,c,a,',
    );
    assert.deepEqual([...found.comparisons.scores], [0.9, 1e-3, -1e300]);
    assert.deepEqual([...found.comparisons.mated], [1, 0, 0]);
    assert.deepEqual(found.comparisons.groups?.names, ['X', 'Y']);
    assert.equal(found.comparisons.subjects?.count, 3);
    assert.equal(found.simulated, true);
  });

  test('that cannot be right are refused with the line', async () => {
    const cases: readonly (readonly [string | Buffer, string, RegExp])[] = [
      ['', 'E_SCORES_EMPTY', /holds no scores/],
      [head, 'E_SCORES_EMPTY', /holds no scores/],
      ['# nothing\n\n', 'E_SCORES_EMPTY', /holds no scores/],
      [`${head}a,a,X,X,mated,0.9\n`, 'E_SCORES_CLASS', /mated comparisons only/],
      [`${head}a,b,X,X,nonmated,0.9\n`, 'E_SCORES_CLASS', /non-mated comparisons only/],
      ...['NaN', 'nan', '', 'Infinity', '1e999', '0x10', '1,5', '--1', '.'].map(
        (score) =>
          [
            `${head}${good}a,b,X,X,nonmated,${score}\n`,
            score === '1,5' ? 'E_SCORES_COLUMNS' : 'E_SCORES_NUMBER',
            /line 4: /,
          ] as const,
      ),
      [`${head}${good}a,b,X,X,genuin,1\n`, 'E_SCORES_TYPE', /line 4: "genuin"/],
      [
        `${head}${good}a,b,X,X,mated,1\n`,
        'E_SCORES_SUBJECT',
        /line 4: a mated comparison is of two subjects/,
      ],
      [`${head}${good}a,a,X,X,nonmated,1\n`, 'E_SCORES_SUBJECT', /line 4: a non-mated comparison is of one/],
      [`${head}${good}a,c,Y,X,nonmated,1\n`, 'E_SCORES_SUBJECT', /line 4: a is of Y here and of X before/],
      [`${head}${good},c,X,X,nonmated,1\n`, 'E_SCORES_SUBJECT', /line 4: a subject has no name/],
      [`${head}${good}a,b,X,X,nonmated\n`, 'E_SCORES_COLUMNS', /line 4: there are 5 fields, and 6 columns/],
      [`${head}${good}a,b,X,X,"nonmated,1\n`, 'E_SCORES_COLUMNS', /line 4: a quote is not closed/],
      ['probe_subject,type,score\na,mated,1\n', 'E_SCORES_COLUMNS', /no column called ref_subject/],
      ['type,score,score\nmated,1,2\n', 'E_SCORES_COLUMNS', /two columns called score/],
      ['kind,score\nmated,1\n', 'E_SCORES_COLUMNS', /line 1: there is no column called type/],
      ['mated;0.5\n', 'E_SCORES_COLUMNS', /line 1: there is neither a header/],
      ['1 0.5\n-1 0.4\n2 0.4\n', 'E_SCORES_TYPE', /line 3: "2" is no label/],
      ['1 0.5\n-1 nan\n', 'E_SCORES_NUMBER', /line 2: "nan" is not a finite number/],
      [Buffer.from('type,score\n', 'utf16le'), 'E_SCORES_FILE', /no text in UTF-8/],
      ['x'.repeat(2_000_000), 'E_SCORES_FILE', /line 1 of more than 65536 bytes/],
      [
        `comparison,type,score\nq1,mated,1\nq2,nonmated,0\nq1,mated,0.5\n`,
        'E_SCORES_REPEATED',
        /line 4: comparison q1 is on line 2 too/,
      ],
      [`type,score,EyesOpen\nmated,1,101\n`, 'E_SCORES_NUMBER', /line 2: 101 is no quality/],
    ];
    for (const [content, code, message] of cases)
      await assert.rejects(read(content), { code, message }, `${code} ${message}`);
    await assert.rejects(readScores(join(folder, 'none.csv')), { code: 'E_SCORES_FILE', message: /ENOENT/ });
  });

  test('keep numbers exactly as JavaScript reads them, wherever blocks of the file end', async () => {
    const random = new Random('numbers');
    const texts = Array.from({ length: 120_000 }, (_, index) => {
      const value = (random.next() - 0.5) * 10 ** random.between(-25, 25);
      return index % 3 === 0
        ? String(value)
        : index % 3 === 1
          ? value.toPrecision(1 + random.integer(17))
          : value.toFixed(random.integer(8));
    });
    const { comparisons } = await read(
      `type,score\n${texts.map((text, index) => `${index % 2},${text}`).join('\n')}`,
    );
    assert.deepEqual(comparisons.scores, Float64Array.from(texts, Number));
  });

  test('count equal rows, and hold quality by component', async () => {
    const found = await read(
      `type,score,Sharpness.scalar,remark\nmated,1,80,\nmated,1,80,\nnonmated,0,-1,\nnonmated,0,,\n`,
    );
    assert.equal(found.repeatedRows, 1);
    assert.deepEqual(found.quality, [{ component: 'Sharpness', values: Uint8Array.of(80, 80, 255, 255) }]);
  });

  test('name as many subjects as there are', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, n) => `s${n},s${n},mated,1\ns${n},s${(n + 7) % 20_000},nonmated,0`,
    );
    const { comparisons } = await read(`probe_subject,ref_subject,type,score\n${rows.join('\n')}`);
    assert.equal(comparisons.subjects?.count, 20_000);
    assert.equal(comparisons.subjects.probe[2 * 19_999], comparisons.subjects.probe[2 * 19_999 + 1]);
  });
});

test('fields are cut where they should be', async () => {
  const lines: string[][] = [];
  const fields = new Fields('x');
  await readLines(file('a,,c\n"x ""y"", z",é\n,\n'), (line) => {
    fields.splitCommas(line);
    lines.push(fields.texts());
  });
  assert.deepEqual(lines, [
    ['a', '', 'c'],
    ['x "y", z', 'é'],
    ['', ''],
  ]);
});

describe('transactions and searches', () => {
  test('are counted by group', async () => {
    const { all, groups } = await readTransactions(
      file(
        'group,kind,acquired,seconds,satisfied,passed\nX,,yes,4,positive,yes\nX,,no,12,negative,no\nY,,yes,5,,yes\nY,enrolment,no,,,\n',
      ),
    );
    assert.deepEqual(
      [all.transactions, all.acquisition, all.enrolment],
      [3, { attempts: 3, failures: 1 }, { attempts: 1, failures: 1 }],
    );
    assert.deepEqual([...groups.get('X')!.seconds.values()], [4, 12]);
    assert.deepEqual(groups.get('Y')!.satisfaction, { asked: 0, positive: 0 });
  });

  test('are refused with the line where they contradict themselves', async () => {
    const transactions: readonly (readonly [string, string, RegExp])[] = [
      ['group\nX\n', 'E_SCORES_COLUMNS', /no column called acquired/],
      ['acquired,speed\nyes,1\n', 'E_SCORES_COLUMNS', /"speed" is not known/],
      ['acquired\nmaybe\n', 'E_SCORES_TYPE', /line 2: "maybe"/],
      ['acquired,seconds\nyes,-1\n', 'E_SCORES_NUMBER', /line 2: -1 seconds/],
      ['acquired\n', 'E_SCORES_EMPTY', /no transactions/],
    ];
    for (const [content, code, message] of transactions)
      await assert.rejects(readTransactions(file(content)), { code, message });
    const row = 'search,subject,enrolled,rank,candidate,score\n';
    const searches: readonly (readonly [string, string, RegExp])[] = [
      [`${row}s,a,no,1,a,3\n`, 'E_SCORES_SUBJECT', /line 2: a is found and not enrolled/],
      [`${row}s,a,yes,2,b,3\n`, 'E_SCORES_SUBJECT', /candidate 1 of search s is missing/],
      [`${row}s,a,yes,1,b,3\ns,a,yes,2,c,4\n`, 'E_SCORES_SUBJECT', /line 3: candidate 2/],
      [`${row}s,a,yes,1,b,3\nt,a,yes,1,b,3\ns,a,yes,1,b,3\n`, 'E_SCORES_REPEATED', /line 4: search s/],
      [row, 'E_SCORES_EMPTY', /no searches/],
    ];
    for (const [content, code, message] of searches)
      await assert.rejects(readSearches(file(content), 3), { code, message });
  });

  test('look at as many candidates as the list is long', async () => {
    const { searches } = await readSearches(
      file(
        'search,subject,enrolled,rank,candidate,score\ns,a,yes,1,b,9\ns,a,yes,2,c,8\ns,a,yes,3,a,7\nt,z,no,,,\n',
      ),
      2,
    );
    assert.deepEqual(searches, [
      { mated: true, topScore: 9, mate: undefined, group: '' },
      { mated: false, topScore: -Infinity, mate: undefined, group: '' },
    ]);
  });
});
