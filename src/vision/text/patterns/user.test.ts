import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TidewaiterError } from '../../../core/errors.ts';
import { Random } from '../../../core/random.ts';
import { findSensitive } from './find.ts';
import { compilePatterns } from './user-patterns.ts';
import { compileWords } from './words.ts';

describe('words', () => {
  const words = (text: string, list: readonly string[]): string[] =>
    compileWords(list)(text).map((match) => match.text);

  test('case, diacritics and spaces do not matter', () => {
    assert.deepEqual(words('Herr M\u00dcLLER kam', ['m\u00fcller']), ['M\u00dcLLER']);
    assert.deepEqual(words('Herr Mu\u0308ller kam', ['Muller']), ['Mu\u0308ller']);
    assert.deepEqual(words('JOHN  SMITH', ['John Smith']), ['JOHN  SMITH']);
    assert.deepEqual(words('JohnSmith', ['John Smith']), ['JohnSmith']);
  });

  test('one misread character is forgiven in words of four and more', () => {
    assert.deepEqual(words('5MITH', ['Smith']), ['5MITH']);
    assert.deepEqual(words('5M1TH', ['Smith']), [], 'two are not');
    assert.deepEqual(words('80B', ['Bob']), []);
    assert.deepEqual(words('Smyth', ['Smith']), [], 'not a likeness');
  });

  test('a word is not found inside another, except where words are not parted', () => {
    assert.deepEqual(words('Annual Joann', ['Ann']), []);
    assert.deepEqual(words('Ann-Marie, Ann.', ['ann']), ['Ann', 'Ann']);
    assert.deepEqual(words('\u6211\u662f\u5f20\u4e09\u5440', ['\u5f20\u4e09']), ['\u5f20\u4e09']);
  });
});

describe('user patterns', () => {
  const spans = (source: string, text: string): string[] =>
    compilePatterns([source])(text).map((match) => match.text);

  test('mean what JavaScript means by them', () => {
    const sources = [
      'a+b',
      '[a-c]+',
      'x|ab|b',
      '(ab)+',
      'a{2,3}',
      '\\bab\\b',
      '^a',
      'b$',
      '[^ab]+',
      'a.b',
      '(?:a|b)c?',
      '\\d\\w',
      'a*b',
      '(a|ab)(c|bcd)',
    ];
    const random = new Random('patterns');
    for (const source of sources) {
      for (let trial = 0; trial < 60; trial++) {
        const text = Array.from({ length: 1 + random.integer(10) }, () => random.pick([...'abcdx1 '])).join(
          '',
        );
        const covered = new Set<number>();
        for (const match of compilePatterns([source])(text)) {
          for (let index = match.start; index < match.end; index++) covered.add(index);
        }
        for (const match of text.matchAll(new RegExp(source, 'gi'))) {
          for (let index = match.index; index < match.index + match[0].length; index++) {
            assert.ok(covered.has(index), `${source} on ${text}: ${index}`);
          }
        }
        assert.equal(
          covered.size > 0,
          [...text.matchAll(new RegExp(source, 'gi'))].some((match) => match[0] !== ''),
        );
      }
    }
  });

  test('give the whole of what they match, without regard to case', () => {
    assert.deepEqual(spans('CASE-\\d{4}', 'see case-1234 and CASE-99, Case-0001'), [
      'case-1234',
      'Case-0001',
    ]);
    assert.deepEqual(spans('[\\w.-]{3}\\/\\d', 'A.B/7'), ['A.B/7']);
  });

  test('expressions that hold up other engines take time that grows with the text alone', () => {
    const text = `${'a'.repeat(1990)}!`;
    for (const source of ['(a+)+$', '(a|aa)+$', '(a|a)*b', 'a*a*a*a*a*a*b', '(.*)*x']) {
      assert.deepEqual(spans(source, text), [], source);
    }
  });

  test('what cannot be used is refused with its place', () => {
    for (const source of [
      '',
      '(a',
      'a)',
      '[a',
      '*a',
      'a**',
      '(?=a)',
      '(a)\\1',
      '\\p{L}',
      'a{3,2}',
      '[z-a]',
      'a\\',
      '(a{100}){100}',
      'a'.repeat(501),
    ]) {
      assert.throws(
        () => findSensitive('text', { patterns: [source] }),
        (error) => error instanceof TidewaiterError && error.code === 'E_PATTERN',
        source,
      );
    }
  });
});
