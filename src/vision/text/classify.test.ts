import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classifyLines, matchLines, type ReadLine } from './classify.ts';

const line = (text: string, x: number, y: number, width: number, height: number): ReadLine => ({
  text,
  box: { x, y, width, height },
});

/** The same lines seen in a picture turned about its origin. */
function tilted(lines: readonly ReadLine[], degrees: number): ReadLine[] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return lines.map(({ text, box: { x, y, width, height } }) => {
    const flat = [x, y, x + width, y, x + width, y + height, x, y + height];
    const corners = flat.map((value, index) =>
      index % 2 === 0 ? value * cos - flat[index + 1]! * sin : flat[index - 1]! * sin + value * cos,
    );
    const xs = corners.filter((_, index) => index % 2 === 0);
    const ys = corners.filter((_, index) => index % 2 === 1);
    const left = Math.min(...xs);
    const top = Math.min(...ys);
    return {
      text,
      corners,
      box: { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top },
    };
  });
}

describe('classifyLines', () => {
  const row = [
    line('CSQU', 40, 70, 115, 37),
    line('305438', 220, 70, 151, 35),
    line('3', 440, 71, 26, 31),
    line('MAX GROSS 30480 KG', 40, 300, 300, 30),
  ];

  test('a container number broken into groups: side by side, stacked, and as columns', () => {
    const expected = ['container-number', 'container-number', 'container-number', undefined];
    assert.deepEqual(classifyLines(row), expected);
    assert.deepEqual(classifyLines(tilted(row, 25)), expected);
    const stack = [
      line('CSQU', 40, 70, 115, 37),
      line('305438', 42, 121, 150, 33),
      line('3', 39, 170, 28, 35),
      line('EXIT', 400, 170, 100, 35),
    ];
    assert.deepEqual(classifyLines(stack), expected);
    const columns = [
      line('CSQU', 82, 7, 38, 172),
      line('305438', 84, 226, 34, 261),
      line('3', 84, 533, 31, 42),
      line('EXIT', 400, 170, 100, 35),
    ];
    assert.deepEqual(classifyLines(columns), expected);
  });

  test('each part of a joined number says which of its characters belong', () => {
    const [owner] = matchLines([line('No. CSQU', 0, 0, 200, 40), line('305438 3', 210, 0, 200, 40)])[0]!;
    assert.deepEqual(owner, {
      kind: 'container-number',
      start: 4,
      end: 8,
      text: 'CSQU 305438 3',
      certainty: 'check-digit',
    });
  });

  test('groups that are far apart or of other sizes are not joined', () => {
    const none = [undefined, undefined, undefined];
    assert.deepEqual(
      classifyLines([row[0]!, line('305438', 220, 200, 151, 35), line('3', 440, 300, 26, 31)]),
      none,
    );
    assert.deepEqual(
      classifyLines([row[0]!, line('305438', 220, 40, 400, 100), line('3', 640, 71, 26, 31)]),
      none,
    );
    assert.deepEqual(
      classifyLines([row[0]!, line('305438', 420, 70, 151, 35), line('3', 800, 71, 26, 31)]),
      none,
    );
  });

  test('a card in groups of four, a telephone number in two', () => {
    const card = ['4111', '1111', '1111', '1111'].map((text, index) => line(text, index * 120, 0, 80, 30));
    assert.deepEqual(classifyLines(card), ['card', 'card', 'card', 'card']);
    const phone = [line('(212)', 0, 0, 80, 30), line('555-0123', 100, 0, 120, 30)];
    assert.deepEqual(classifyLines(phone), ['phone', 'phone']);
    assert.deepEqual(classifyLines(phone.map((part, index) => line(part.text, 0, index * 40, 80, 30))), [
      undefined,
      undefined,
    ]);
  });

  test('one line of an MRZ makes the lines of its block MRZ, however badly they were read', () => {
    const page = [
      line('ANNA MARIA', 100, 20, 200, 30),
      line('I(UTOD23145890', 100, 200, 600, 30),
      line('7408122F1204159UTO<<<<<<<<<<<6', 102, 245, 598, 30),
      line('ERlKSSON ANNA MARlA', 99, 290, 430, 30),
      line('Page 1', 100, 400, 600, 30),
    ];
    const expected = [undefined, 'mrz', 'mrz', 'mrz', undefined];
    assert.deepEqual(classifyLines(page), expected);
    assert.deepEqual(classifyLines(tilted(page, -15)), expected);
  });

  test('a plate needs a vehicle; words and patterns are the user\u2019s; a check digit comes first', () => {
    const plate = line('7ABC123', 0, 0, 100, 30);
    assert.deepEqual(classifyLines([{ ...plate, context: 'vehicle' }, plate]), ['plate', undefined]);
    const rules = { words: ['Miller'], patterns: ['CASE-\\d+'] };
    const lines = [
      line('Agent MILLER', 0, 0, 100, 20),
      line('case-77', 0, 100, 100, 20),
      line('Miller CSQU3054383', 0, 200, 100, 20),
      line('a.miller@example.com', 0, 300, 100, 20),
    ];
    assert.deepEqual(classifyLines(lines, rules), ['word', 'pattern', 'container-number', 'word']);
  });
});
