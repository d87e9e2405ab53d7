import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalJson } from './canonical-json.ts';
import { Random } from './random.ts';

describe('canonical JSON', () => {
  test('gives the example of RFC 8785, section 3.2.3', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts names by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
    const names = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö'];
    const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
    assert.deepEqual(Object.keys(JSON.parse(text) as object), [
      '1',
      '\r',
      '\u0080',
      'ö',
      '€',
      '😀',
      '\ufb33',
    ]);
  });

  test('does not depend on the order in which properties were written', () => {
    const random = new Random('canonical');
    const value = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index * 7}`, { index }]));
    for (let round = 0; round < 20; round++) {
      const entries = Object.entries(value);
      const shuffled = entries
        .map((entry) => ({ entry, at: random.next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ entry }) => entry);
      assert.equal(canonicalJson(Object.fromEntries(shuffled)), canonicalJson(value));
    }
    assert.deepEqual(JSON.parse(canonicalJson(value)), value);
  });

  test('leaves out what is undefined and writes minus zero as zero', () => {
    assert.equal(canonicalJson({ b: undefined, a: -0 }), '{"a":0}');
  });

  for (const [what, value] of [
    ['a number that is not finite', { a: Number.NaN }],
    ['an infinite number', [Number.POSITIVE_INFINITY]],
    ['undefined in a list', [undefined]],
    ['a hole in a list', [1, , 2]],
    ['a date', { at: new Date(0) }],
    ['a map', new Map([['a', 1]])],
    ['bytes', new Uint8Array(2)],
    ['a big integer', 1n],
    ['a function', { f: () => 1 }],
    ['half a surrogate pair', '\ud83d'],
    ['half a surrogate pair in a name', { '\ud83d': 1 }],
  ] as const) {
    test(`refuses ${what}, which would be signed as something else`, () => {
      assert.throws(() => canonicalJson(value), TypeError);
    });
  }
});
