import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../core/random.ts';
import { csvText, readCsv, type CsvRecord } from './csv.ts';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, size = 7): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readCsv(pieces(text, size), 'table.csv')) records.push(record);
  return records;
}

test('quotes, commas and line breaks inside cells are kept, wherever the text is cut', async () => {
  const text = 'a,"b ""c"", d","e\r\nf\ng"\r\n,,\n"",x y,z';
  for (const size of [1, 2, 3, 5, 100]) {
    const records = await read(text, size);
    assert.deepEqual(
      records.map(({ cells, line, end }) => [cells, line, end]),
      [
        [['a', 'b "c", d', 'e\r\nf\ng'], 1, '\r\n'],
        [['', '', ''], 4, '\n'],
        [['', 'x y', 'z'], 5, ''],
      ],
    );
  }
});

test('what is written is read again the same, and what is read is written the same', async () => {
  const random = new Random('csv');
  const signs = ['a', 'é', ',', '"', '\n', '\r', ' ', "'", ''];
  for (let round = 0; round < 300; round++) {
    const rows = Array.from({ length: 3 }, () => ({
      cells: Array.from({ length: 4 }, () =>
        Array.from({ length: random.integer(5) }, () => random.pick(signs)).join(''),
      ),
      end: random.pick(['\r\n', '\n']),
    }));
    const text = rows.map(csvText).join('');
    const again = await read(text, 1 + random.integer(9));
    assert.deepEqual(
      again.map(({ cells, end }) => ({ cells, end })),
      rows,
    );
    assert.equal(again.map(csvText).join(''), text);
  }
});

test('what is no CSV is refused with its line', async () => {
  await assert.rejects(read('a,b\n"c'), /line 2: a quote is never closed/);
  await assert.rejects(read('a\n"b"c\n'), /line 2: text stands behind a closing quote/);
  await assert.rejects(read('a"b\n'), /line 1: a quote stands inside/);
  await assert.rejects(read('x'.repeat(1_000_001), 10_000), /longer than/);
  await assert.rejects(read(','.repeat(3000), 100), /more than 2000 cells/);
});
