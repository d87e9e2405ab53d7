import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { csv, csvRecord } from './csv.ts';

describe('csv', () => {
  test('writes records as RFC 4180 asks', () => {
    const text = csv(
      ['name', 'note'],
      [
        ['plain', 'a "quoted" word'],
        ['two, parts', 'two\r\nlines'],
      ],
    );
    assert.equal(text, 'name,note\r\nplain,"a ""quoted"" word"\r\n"two, parts","two\r\nlines"\r\n');
  });

  test('keeps numbers, truth values and gaps as they are', () => {
    assert.equal(csvRecord([-1.5, 12n, true, null, undefined, '']), '-1.5,12,true,,,\r\n');
  });

  test('disarms text that a spreadsheet would run', () => {
    const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("x")'];
    const expected = `'=1+1,'+1,'-1,'@SUM(A1),'\t=1,"'\r=1","'=HYPERLINK(""x"")"\r\n`;
    assert.equal(csvRecord(cells), expected);
  });

  test('refuses a row that does not fit its header', () => {
    assert.throws(() => csv(['a', 'b'], [['1']]), RangeError);
  });
});
