import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { projectRoot } from '../../../../test/needs.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { parseSite } from './read.ts';
import { siteJsonSchema } from './schema.ts';

const good = `site: Port
timeZone: America/Chicago
calendar:
  open:
    monday: [08:00-18:00]
    friday: [22:00-06:00]
cameras:
  - id: gate
    zones:
      - id: dock
        polygon: [[0, 0], [1, 0], [1, 1]]
    lines:
      - { id: fence, from: [0, 0.5], to: [1, 0.5] }
    rules:
      - { id: entry, kind: zone-entry, zone: dock }
      - { id: over, kind: line-crossing, line: fence, direction: to-left }
`;

describe('the site file', () => {
  test('is read, with defaults', () => {
    const site = parseSite(good, 'port.yaml');
    assert.equal(site.name, 'Port');
    assert.deepEqual(site.calendar.week[0], [
      { from: { kind: 'clock', minutes: 480 }, to: { kind: 'clock', minutes: 1080 } },
    ]);
    const [entry] = site.cameras[0]!.rules;
    assert.ok(entry?.kind === 'zone-entry' && entry.inertia === 3 && entry.when === 'closed');
  });

  test('sunrise with an offset is read where the site has a location', () => {
    const sunny = good
      .replace('08:00-18:00', 'sunrise-30m - sunset+15m')
      .replace('calendar:', 'location: { latitude: 30, longitude: -95 }\ncalendar:');
    assert.deepEqual(parseSite(sunny, 'x').calendar.week[0], [
      { from: { kind: 'sunrise', offset: -30 }, to: { kind: 'sunset', offset: 15 } },
    ]);
  });

  test('what is wrong is said with its line and key', () => {
    const wrong: [change: [string, string], line: number, key: string][] = [
      [['America/Chicago', 'America/Chicagoo'], 2, 'timeZone'],
      [['08:00-18:00', '8-18'], 5, 'calendar.open.monday[0]'],
      [['08:00-18:00', 'sunrise-sunset'], 5, 'calendar.open.monday'],
      [['[1, 1]]', '[1, 1.5]]'], 11, 'cameras[0].zones[0].polygon[2][1]'],
      [['[1, 1]]', '[0.5, 0]]'], 11, 'cameras[0].zones[0].polygon: all its points lie on one line'],
      [['to: [1, 0.5]', 'to: [0, 0.5]'], 13, 'cameras[0].lines[0].to: it ends where it begins'],
      [['zone: dock }', 'zone: docks }'], 15, 'cameras[0].rules[0].zone'],
      [['line: fence', 'line: wall'], 16, 'cameras[0].rules[1].line'],
      [['id: over', 'id: entry'], 16, 'cameras[0].rules[1].id'],
      [['to-left', 'up'], 16, 'cameras[0].rules[1].direction'],
      [['zone: dock }', 'zone: dock, inertai: 3 }'], 15, 'cameras[0].rules[0].inertai'],
      [['kind: zone-entry, ', ''], 15, 'cameras[0].rules[0].kind'],
      [['site: Port\n', 'site: Port\ncolour: red\n'], 2, 'colour'],
      [['  - id: gate', '  - id: [gate'], 9, ''],
    ];
    for (const [[from, to], line, key] of wrong) {
      assert.ok(good.includes(from));
      assert.throws(
        () => parseSite(good.replace(from, to), 'port.yaml'),
        (error) => {
          assert.ok(error instanceof TidewaiterError && error.code === 'E_SITE_FILE');
          assert.ok(error.message.startsWith(`port.yaml, line ${line}: ${key}`), error.message);
          return true;
        },
      );
    }
  });

  test('a key that is not known is named with the one that was meant, and pixels are told from shares', () => {
    const wrong: [from: string, to: string, said: string][] = [
      [
        'polygon: [[0, 0]',
        'points: [[0, 0]',
        'line 11: cameras[0].zones[0].points: there is no such key; polygon',
      ],
      ['zone: dock }', 'zone: dock, inertai: 3 }', 'inertai: there is no such key; inertia is what'],
      [
        'site: Port\n',
        'site: Port\ncolour: red\n',
        'colour: there is no such key; here may stand site, timeZone',
      ],
      [
        '[1, 1]]',
        '[640, 480]]',
        'polygon[2][0]: a position is a share of the picture, from 0 to 1, and no pixels',
      ],
    ];
    for (const [from, to, said] of wrong)
      assert.throws(
        () => parseSite(good.replace(from, to), 'port.yaml'),
        (error) => {
          assert.ok(error instanceof TidewaiterError && error.message.includes(said), String(error));
          return true;
        },
      );
  });

  test('an empty file, a list and a bomb of aliases are refused like any other', () => {
    const bomb = `a: &a [x, x]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(', ')}]`).join('\n')}`;
    assert.throws(
      () => parseSite('# later\n', 'port.yaml'),
      /^TidewaiterError: port\.yaml, line 1: it is empty/,
    );
    for (const text of ['', '[]', 'just words', bomb])
      assert.throws(() => parseSite(text, 'port.yaml'), { code: 'E_SITE_FILE' });
  });

  test('docs/site-file.md names every key, and its example is read', () => {
    const guide = readFileSync(join(projectRoot, 'docs/site-file.md'), 'utf8');
    const names = new Set<string>();
    const collect = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties') for (const name of Object.keys(value as object)) names.add(name);
        collect(value);
      }
    };
    collect(siteJsonSchema());
    assert.ok(names.size > 30);
    for (const name of names) assert.ok(guide.includes(name), `${name} is not explained`);
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
    assert.ok(parseSite(example!, 'example').cameras.length > 0);
  });
});
