import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import type { Finding } from './check.ts';
import { checkClock, checkMemory, type Clocks } from './machine.ts';
import { checkStorage, spaceLeft } from './storage.ts';
import { readSettings } from '../../platform/settings/settings.ts';

const GIB = 2 ** 30;

function isWarning(finding: Finding | undefined, found: RegExp, remedy: RegExp): void {
  assert.equal(finding?.state, 'warn');
  assert.match(finding.found, found);
  assert.match(finding.remedy ?? '', remedy);
}

describe('the doctor looks at memory', () => {
  test('and asks for more than there is', () => {
    isWarning(checkMemory(4 * GIB - 1), /^4\.0 GiB$/, /4 GiB or more/);
    isWarning(checkMemory(512 * 2 ** 20), /^0\.5 GiB$/, /long videos/);
    assert.deepEqual(checkMemory(4 * GIB), { what: 'memory', state: 'ok', found: '4.0 GiB' });
  });
});

describe('the doctor watches the clock', () => {
  const at = Date.UTC(2026, 5, 15);
  /** A clock of the wall that goes wrong by so much once it is watched. */
  const clocks = (start: number, movedMs = 0): Clocks => {
    const begun = performance.now();
    let watched = 0;
    return {
      wall: () => start + (performance.now() - begun) + (watched++ === 0 ? 0 : movedMs),
      running: () => performance.now(),
    };
  };

  test('which goes as time does', async () => {
    assert.equal((await checkClock(clocks(at))).state, 'ok');
  });

  test('which says a year that cannot be', async () => {
    for (const year of [1970, 2025, 2101]) {
      const finding = await checkClock(clocks(Date.UTC(year, 5, 15)));
      assert.deepEqual([finding.state, finding.found], ['fail', `it says the year ${year}`]);
      assert.match(finding.remedy ?? '', /NTP/);
    }
  });

  test('which is set while it is watched, either way', async () => {
    for (const moved of [-3_600_000, 75, 3_600_000])
      isWarning(await checkClock(clocks(at, moved)), /was moved by \d+ ms/, /without jumps/);
  });
});

describe('the doctor looks at the disk', () => {
  test('and says when little is left', () => {
    isWarning(spaceLeft(5 * GIB - 1), /^5\.0 GiB free$/, /larger disk/);
    isWarning(spaceLeft(0), /^0\.0 GiB free$/, /Free some space/);
    assert.deepEqual(spaceLeft(5 * GIB), { what: 'disk', state: 'ok', found: '5.0 GiB free' });
  });

  test('on which the data is, or will be: a small one of its own', async (t) => {
    if (!needs(t, 'root')) return;
    const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-doctor-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
      try {
        const settings = await readSettings({ TIDEWAITER_DATA: join(folder, 'not/yet') }, folder);
        const disk = (await checkStorage(settings)).find(({ what }) => what === 'disk');
        isWarning(disk, /^0\.0 GiB free$/, /larger disk/);
      } finally {
        execFileSync('umount', [folder]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
