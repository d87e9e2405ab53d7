import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkInventory, readEarlierUses } from '../../src/governance/inventory/check.ts';
import { exportEncoding, exportHeader, exportRow } from '../../src/governance/inventory/export.ts';
import { inventoryBytes, openInventory } from '../../src/governance/inventory/inventory.ts';
import { readPythonList, writePythonList } from '../../src/governance/inventory/python-list.ts';
import { RollUp } from '../../src/governance/inventory/roll-up.ts';
import type { RowFinding } from '../../src/governance/inventory/rules.ts';
import { useCharters } from '../../src/uses/charters.ts';
import { needs, sharedData } from '../needs.ts';

const published = join(sharedData, 'governance', 'inventory');
const day = '2026-02-01';

const files = [
  {
    name: '2023_consolidated_ai_inventory_raw.csv',
    layout: '2023',
    charset: 'utf-8',
    rows: 710,
    columns: 10,
  },
  {
    name: '2024_consolidated_ai_inventory_raw_v2.csv',
    layout: '2024',
    charset: 'windows-1252',
    rows: 2133,
    columns: 62,
  },
  {
    name: '2025_individually_reported_AI_use_cases.shared.csv',
    layout: '2025',
    charset: 'utf-8',
    rows: 2639,
    columns: 36,
  },
  { name: '2025_DHS.csv', layout: '2025', charset: 'utf-8', rows: 238, columns: 36 },
  {
    name: '2025_consolidated_COTS_AI_use_cases.csv',
    layout: '2025-cots',
    charset: 'utf-8',
    rows: 900,
    columns: 5,
  },
];

async function findingsOf(path: string, previous?: string): Promise<RowFinding[]> {
  const earlier = previous === undefined ? undefined : await readEarlierUses(previous);
  const all: RowFinding[] = [];
  for await (const { findings } of checkInventory(await openInventory(path), day, earlier))
    all.push(...findings);
  return all;
}

describe('published inventories', () => {
  for (const { name, layout, charset, rows, columns } of files)
    test(`${name}: every row is read, and it is written again byte by byte`, async (t) => {
      if (!needs(t, 'shared')) return;
      const path = join(published, name);
      const inventory = await openInventory(path);
      assert.equal(inventory.layout.name, layout);
      assert.equal(inventory.encoding.charset, charset);
      assert.equal(inventory.keys.length, columns);
      assert.deepEqual(inventory.absent, []);
      assert.ok(inventory.keys.every((key) => key !== undefined));
      let read = 0;
      const counted = async function* () {
        for await (const record of inventory.records) {
          read++;
          yield record;
        }
      };
      const pieces: Uint8Array[] = [];
      for await (const piece of inventoryBytes({ ...inventory, records: counted() })) pieces.push(piece);
      assert.equal(read, rows);
      assert.ok(Buffer.concat(pieces).equals(await readFile(path)));
    });

  test('the roll-up of 2025 is the expected one', async (t) => {
    if (!needs(t, 'shared')) return;
    const rollUp = new RollUp();
    const { records } = await openInventory(join(published, files[2]!.name));
    for await (const record of records) rollUp.add(record);
    const expected: unknown = JSON.parse(
      await readFile(join(published, '2025_expected_rollup.json'), 'utf8'),
    );
    assert.deepEqual(rollUp.byAgency(), expected);
  });

  test('every date of 2025 is read, and every list is written as it was', async (t) => {
    if (!needs(t, 'shared')) return;
    const { records } = await openInventory(join(published, files[2]!.name));
    const precisions = { day: 0, month: 0, year: 0 };
    for await (const { answers, row } of records) {
      const date = answers['operational_date'];
      if (date?.blank === false) {
        assert.ok(date.date !== undefined, `row ${row}: ${date.text}`);
        precisions[date.date.precision]++;
      }
      for (const key of ['demographic_features', 'hi_public_consultation']) {
        const text = answers[key]?.text ?? '';
        assert.equal(writePythonList(readPythonList(text) ?? []), text, `row ${row}`);
      }
    }
    // 374 + 153 + 130 + 46 + 34 with a day, 258 + 38 with a month, 36 with a year: counted with another program.
    assert.deepEqual(precisions, { day: 737, month: 296, year: 36 });
  });

  test('findings name row, column, rule and what to do', async (t) => {
    if (!needs(t, 'shared')) return;
    const findings = await findingsOf(join(published, files[2]!.name));
    const count = (rule: string, field: string): number =>
      findings.filter((finding) => finding.rule === rule && finding.field === field).length;
    assert.ok(findings.every(({ row, remedy }) => row >= 1 && remedy.endsWith('.')));
    // Blank answers as counted with another program.
    assert.equal(count('required/always', 'is_withheld'), 603);
    assert.equal(count('required/always', 'use_case_name'), 1);
    assert.equal(count('id/blank', 'id'), 704);
    assert.equal(count('id/placeholder', 'id'), 2);
    assert.equal(count('choice/unknown', 'classification'), 100);
    assert.equal(count('choice/variant', 'topic_area'), 53);
  });

  test('a year typed into a cell of dates is found in 2024', async (t) => {
    if (!needs(t, 'shared')) return;
    const { records } = await openInventory(join(published, files[1]!.name));
    const years = new Set<string>();
    for await (const { answers } of records)
      for (const { text, date } of Object.values(answers))
        if (text === '7/15/1905') years.add(date?.first ?? '');
    assert.deepEqual([...years], ['2023-01-01']);
  });
});

describe('an inventory of our own', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tw-inventory-'));
  });
  after(() => rm(folder, { recursive: true }));

  const reporter = {
    agency: 'DHS',
    agencyName: 'Department of Homeland Security',
    bureau: 'CBP',
    contact: 'ai@example.gov',
  };

  async function write(name: string, rows: readonly { cells: string[]; end: string }[]): Promise<string> {
    const path = join(folder, name);
    const pieces: Uint8Array[] = [];
    const records = (async function* () {
      yield* rows;
    })();
    for await (const piece of inventoryBytes({ encoding: exportEncoding, header: exportHeader, records }))
      pieces.push(piece);
    await writeFile(path, Buffer.concat(pieces));
    return path;
  }

  test('our uses export without a finding, at every stage', async () => {
    const uses = useCharters.flatMap((charter) => [
      charter,
      { ...charter, use: `${charter.use}-retired`, stage: 'retired' as const },
      { ...charter, use: `${charter.use}-pilot`, stage: 'pilot' as const, operational: '2026-01-05' },
    ]);
    const path = await write(
      'own.csv',
      uses.map((charter) => exportRow(charter, reporter, day)),
    );
    assert.deepEqual(await findingsOf(path), []);
  });

  test('a deployed high-impact use without evidence is found wanting in each practice', async () => {
    const [charter] = useCharters;
    assert.ok(charter !== undefined);
    const deployed = { ...charter, stage: 'deployed' as const, operational: '2026-01-05' };
    const path = await write('deployed.csv', [exportRow(deployed, reporter, day)]);
    const found = await findingsOf(path);
    assert.deepEqual(
      found.map(({ rule, row }) => [rule, row]),
      Array.from({ length: 8 }, () => ['practice/not-met', 2]),
    );
  });

  test('ids are not used again, and a retired use is reported once', async () => {
    const [charter] = useCharters;
    assert.ok(charter !== undefined);
    const row = (use: string, stage: 'retired' | 'pre-deployment', title = use) =>
      exportRow({ ...charter, use, stage, title }, reporter, day);
    const old = await write('old.csv', [
      row('a', 'retired'),
      row('b', 'retired'),
      row('c', 'pre-deployment'),
    ]);
    const now = await write('new.csv', [
      row('a', 'retired'),
      row('b', 'pre-deployment', 'Another use'),
      row('c', 'pre-deployment', 'Another name'),
      row('d', 'retired'),
      row('c', 'pre-deployment', 'Another name'),
    ]);
    const found = await findingsOf(now, old);
    assert.deepEqual(
      found.filter(({ rule }) => /^(id|retired)\//.test(rule)).map(({ row: at, rule }) => [at, rule]),
      [
        [2, 'retired/twice'],
        [3, 'id/reused'],
        [4, 'id/renamed'],
        [5, 'retired/unreported'],
        [6, 'id/repeated'],
        [6, 'id/renamed'],
      ],
    );
  });

  test("headings of the dictionary's spreadsheet are known, in any order and without the id", async () => {
    const path = join(folder, 'excel.csv');
    const heads = [
      'Stage of Development',
      'Use Case Name',
      'Is the AI use case high-impact?',
      'Justification',
    ];
    const more = exportHeader.cells.slice(10, 30);
    await writeFile(
      path,
      `${[...heads, ...more].join(',')}\r\na) Pre-deployment – The use case is in a development or acquisition status.,X,c) Not high-impact,,${more.map(() => '').join(',')}\r\n`,
    );
    const { layout, records, absent } = await openInventory(path);
    const first = (await records.next()).value;
    assert.equal(layout.name, '2025');
    assert.ok(absent.includes('id'));
    assert.equal(first?.answers['development_stage']?.value, 'Pre-deployment');
    assert.equal(first?.answers['is_high_impact']?.value, 'Not High-impact');
  });

  test('empty lines behind the last row are passed over', async () => {
    const path = join(folder, 'trailing.csv');
    await writeFile(path, 'Agency,AI Use Case,Agency Use (Y/N)?\nx,y,z\n\n\n');
    const { records } = await openInventory(path, '2025-cots');
    const rows: number[] = [];
    for await (const { row } of records) rows.push(row);
    assert.deepEqual(rows, [2]);
  });

  for (const [what, text, code, message = /bad\.csv/] of [
    ['no inventory', 'a,b\n1,2\n', 'E_INVENTORY_LAYOUT'],
    ['an empty file', '', 'E_INVENTORY_LAYOUT'],
    ['an open quote', 'Agency,AI Use Case,Agency Use (Y/N)?\n"x,y,z\n', 'E_CSV'],
    [
      'a row that is too short',
      'Agency,AI Use Case,Agency Use (Y/N)?\nx,y\n',
      'E_CSV',
      /bad.csv: row 2 \(line 2\)/,
    ],
    ['UTF-16', Buffer.from('\uFEFFAgency,AI Use Case\n', 'utf16le'), 'E_CSV', /bad.csv: on line 1 .*UTF-16/],
    ['a zero byte', 'Agency,AI Use Case,Agency Use (Y/N)?\nx,y,z\nx,\0,z\n', 'E_CSV', /bad.csv: on line 3/],
    [
      'bytes that are no UTF-8 behind the mark of it',
      Buffer.from('\u00EF\u00BB\u00BFAgency,AI Use Case,Agency Use (Y/N)?\nx,\u00FF,z\n', 'latin1'),
      'E_CSV',
      /bad.csv: on line \d.* no UTF-8/,
    ],
    ['semicolons', 'Agency;AI Use Case;Agency Use (Y/N)?\n', 'E_INVENTORY_LAYOUT', /divided by semicolons/],
    ['tabs', 'Agency\tAI Use Case\tAgency Use (Y/N)?\n', 'E_INVENTORY_LAYOUT', /divided by tabs/],
  ] as const)
    test(`${what} is refused`, async () => {
      const path = join(folder, 'bad.csv');
      await writeFile(path, text);
      await assert.rejects(findingsOf(path), { code, message });
    });
});
