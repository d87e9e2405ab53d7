import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { needs } from '../needs.ts';
import { soak, type MemoryPoint } from './soak.ts';

test('three minutes of four cameras and six faults: no alert lost, no process left, memory bounded', async (t) => {
  if (!needs(t, 'gstreamer', 'opencv-doc', 'shared')) return;
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-soak-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const { faults, alerts, missed, told, lost, memory, left, exitCode } = await soak({
    folder,
    seconds: 180,
    faultSeconds: 4,
  });
  t.diagnostic(JSON.stringify({ alerts, told, missed, lost }));
  assert.equal(faults.length, 6);
  for (const [slot, count] of Object.entries(alerts)) assert.ok(count > 0, `${slot} told nothing`);
  assert.deepEqual({ lost, missed }, { lost: 0, missed: 0 });
  assert.deepEqual({ left, exitCode }, { left: [], exitCode: 143 });

  const [early, late] = [between(memory, 60_000, 120_000), between(memory, 120_000, 180_000)];
  assert.ok(late < 1.5 * early, `${early} bytes, later ${late}`);
});

/** The median of a time. */
function between(memory: readonly MemoryPoint[], from: number, until: number): number {
  const values = memory.filter(({ at }) => at >= from && at < until).map(({ bytes }) => bytes);
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
