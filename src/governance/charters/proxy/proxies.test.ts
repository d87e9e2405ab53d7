import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../../../core/random.ts';
import { areaUnderCurve, correlationRatio, cramersV } from './association.ts';
import { testProxies, type ProxyResult } from './proxies.ts';
import { readTable, type Table } from './table.ts';

const close = (value: number | undefined, wanted: number): void =>
  assert.ok(value !== undefined && Math.abs(value - wanted) < 1e-12, `${value} for ${wanted}`);

describe('measures, beside SciPy', () => {
  test('Cramér’s V corrected as Bergsma says, from chi2_contingency', () => {
    const counts = [
      [10, 20, 30],
      [25, 15, 5],
      [8, 9, 40],
    ];
    close(cramersV(counts), 0.3501390095193093);
    close(cramersV([...counts, [0, 0, 0]]), 0.3501390095193093);
    assert.equal(cramersV([[5, 5]]), undefined);
    assert.equal(
      cramersV([
        [5, 0],
        [7, 0],
      ]),
      undefined,
    );
  });

  test('the correlation ratio, from the F of a one-way analysis of variance', () => {
    const values = [1, 2, 3, 2, 5, 6, 7, 4.5, 1, 0.5];
    close(correlationRatio(values, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]), 0.9172420782036209);
    assert.equal(correlationRatio([1, 1, 1], [0, 1, 1]), undefined);
  });

  test('the area under the curve, from mannwhitneyu', () => {
    const scores = [0.9, 0.1, 0.4, 0.4, 0.4, 0.2, 0.8, 0.8];
    const labels = [true, false, true, true, false, false, true, false];
    close(areaUnderCurve(scores, labels), 0.78125);
    assert.equal(areaUnderCurve([1, 2], [true, true]), undefined);
  });
});

/** People of three groups, and what is noted of them. */
function people(
  rows: number,
  seed: string,
  column: (group: string, random: Random, row: number) => string,
): Table {
  const random = new Random(seed);
  const groups = Array.from({ length: rows }, () => random.pick(['a', 'b', 'c']));
  const field = groups.map((group, row) => column(group, random, row));
  return {
    rows,
    columns: new Map([
      ['field', field],
      ['group', groups],
    ]),
  };
}

const only = (table: Table): ProxyResult => testProxies(table, 'group')[0]!;

describe('testing a field against an attribute', () => {
  test('what follows the group is blocked, as a word and as a number', () => {
    const word = only(people(800, 'word', (group, random) => (random.next() < 0.7 ? group : 'x')));
    assert.equal(word.verdict, 'beyond');
    const number = only(
      people(800, 'number', (group, random) => String((group === 'a' ? 1.5 : 0) + random.normal())),
    );
    assert.equal(number.verdict, 'beyond');
    assert.equal(number.measure, 'correlation-ratio');
    assert.equal(number.auc?.group, 'a');
  });

  test('a number whose spread gives the group away is blocked, although its mean does not', () => {
    const result = only(
      people(1500, 'spread', (group, random) => String(random.normal() * (group === 'b' ? 6 : 0.5))),
    );
    assert.ok((result.association?.value ?? 1) < 0.3);
    assert.equal(result.verdict, 'beyond');
    assert.equal(result.auc?.group, 'b');
  });

  test('whether a field is filled in can give the group away too', () => {
    const result = only(
      people(800, 'missing', (group, random) => (group === 'a' ? '' : String(random.normal()))),
    );
    assert.equal(result.verdict, 'beyond');
  });

  test('what has nothing to do with it may be used, in 19 of 20 samples at least', () => {
    const verdicts = Array.from({ length: 20 }, (_, at) =>
      only(people(600, `fair ${at}`, (_group, random) => random.pick(['1', '2', '3', '4']))),
    ).map(({ verdict }) => verdict);
    assert.ok(verdicts.filter((verdict) => verdict === 'within').length >= 19, verdicts.join());
  });

  test('too little data is not estimable, never good', () => {
    const few = only(people(40, 'few', (_, random) => random.pick(['1', '2'])));
    assert.equal(few.verdict, 'not-estimable');
    const ids = only(people(500, 'ids', (_group, _random, row) => `N${row}`));
    assert.equal(ids.verdict, 'not-estimable');
    const constant = only(people(500, 'constant', () => 'x'));
    assert.equal(constant.verdict, 'not-estimable');
    const { columns, rows } = people(500, 'rare', (_, random) => random.pick(['1', '2']));
    const groups = columns.get('group')!.map((group, row) => (row < 10 ? 'rare' : group));
    const rare = only({
      rows,
      columns: new Map([
        ['field', columns.get('field')!],
        ['group', groups],
      ]),
    });
    assert.equal(rare.verdict, 'not-estimable');
    assert.match(rare.why, /rare/);
  });

  test('the same table gives the same figures', () => {
    const table = people(300, 'again', (_, random) => String(random.normal()));
    assert.deepEqual(only(table), only(table));
  });

  test('a table that is none is refused', async () => {
    const read = (rows: string[][]): Promise<Table> =>
      readTable(
        (async function* () {
          for (const cells of rows) yield { cells };
        })(),
      );
    for (const rows of [
      [],
      [['a', 'b']],
      [
        ['a', 'a'],
        ['1', '2'],
      ],
      [['a', 'b'], ['1']],
    ])
      await assert.rejects(read(rows), { code: 'E_PROXY_TABLE' });
    const table = await read([
      ['a', 'b'],
      ['1', '2'],
    ]);
    assert.throws(() => testProxies(table, 'c'), { code: 'E_PROXY_TABLE' });
  });
});
