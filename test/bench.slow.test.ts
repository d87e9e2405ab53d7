import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { needs, projectRoot } from './needs.ts';

function bench(...words: string[]): { status: number | null; printed: string } {
  const run = spawnSync(process.execPath, ['bench/run.ts', ...words], { cwd: projectRoot, encoding: 'utf8' });
  return { status: run.status, printed: `${run.stdout}${run.stderr}` };
}

/** What the benches print is for people; here they only have to run, on inputs so short that figures mean nothing. */
describe('the benches run', () => {
  for (const [name, ...expected] of [
    ['efficiency', '| sum of bare stages / pipeline CPU |'],
    ['exactness', '| tidewaiter | equal | 0 | equal |', '| photograph with GPS and thumbnail |'],
    ['faults', '| kill -9 of the worker | E_WORKER_DIED |', '| nothing (control) | - | 0 | whole |'],
    ['kill', '| 0 | 0 | yes |', '| worker | 3 |'],
    ['picture', '| standard |'],
    ['backup', '| tidewaiter restore |', '| every row and every byte | hash-equal | yes |'],
    ['tampering', '| record | another byte | 0 |', '| nothing changed | 0 |', '| chain: another byte | 1 |'],
    ['outside-masks', '| h264 crf 21, veryfast |'],
    ['reidentification', '| nothing | control | 1.000', '| solid | irreversible |'],
  ] as const) {
    test(name, (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'exiftool', 'opencv-doc')) return;
      const { status, printed } = bench(name, '--short');
      assert.equal(status, 0, printed);
      for (const part of expected) assert.ok(printed.includes(part), printed);
      assert.match(printed, /Short inputs: these figures mean nothing/);
    });
  }
});

test('a bench that does not exist is named, with those that do', () => {
  const { status, printed } = bench('spede');
  assert.equal(status, 2);
  assert.match(printed, /no bench called spede: choose among speed, efficiency/);
});
