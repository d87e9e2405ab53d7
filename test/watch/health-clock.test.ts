import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { canServe, startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';
import { LiveSource, type LiveState } from '../../src/media/live/index.ts';
import { LiveHealth } from '../../src/uses/watch/live-health.ts';
import type { CameraHealth } from '../../src/uses/watch/live.ts';
import { needs } from '../needs.ts';
import { throughOffClock, type OffClock } from './off-clock.ts';

/** What was told of a camera, with the wall time. */
interface Told extends CameraHealth {
  readonly toldAt: number;
}

describe('the clock of a camera', { concurrency: true }, () => {
  let server: RtspServer | undefined;
  before(async () => {
    if (!canServe) return;
    server = await startRtspServer({
      mounts: { '/gate': { width: 160, height: 120, fps: 10, pattern: 'ball' } },
    });
  });
  after(() => server?.stop());

  /** Watches a camera whose clock goes wrong once it is seen, and, when that is told, right again until that is told too. */
  async function wrong(
    break_: (clock: OffClock) => void,
    mend: (clock: OffClock) => void,
  ): Promise<{
    told: Told[];
    states: LiveState[];
    broken: number;
    mended: number;
    latest: number[];
    dropped: number;
  }> {
    const proxy = await throughOffClock(server!.port);
    const ending = new AbortController();
    const so = {
      ...{ told: [] as Told[], states: [] as LiveState[], latest: [] as number[] },
      ...{ broken: 0, mended: 0, dropped: 0 },
    };
    const source = new LiveSource(
      { url: `rtsp://127.0.0.1:${proxy.port}/gate` },
      { signal: ending.signal, onState: (state) => so.states.push(state) },
    );
    const health = new LiveHealth();
    const picture = { state: 'good', since: 0 } as const;
    for await (const { time, at } of source.frames()) {
      so.latest.push(time);
      // Sender reports come every few seconds: the clock goes wrong once one of them has said that it was right.
      if (so.broken === 0 && source.cameraTime.off !== undefined) {
        so.broken = Date.now();
        break_(proxy.clock);
      }
      const { dropped, cameraTime: clock } = source;
      const said = health.update({ picture, time, at, dropped, clock });
      if (said === undefined) continue;
      so.told.push({ ...said, toldAt: Date.now() });
      if (so.told.length === 1) {
        so.mended = Date.now();
        mend(proxy.clock);
      } else ending.abort();
    }
    proxy.close();
    so.dropped = source.dropped;
    return so;
  }

  test('30 s ahead, by its sender reports, it is told with how much within ten seconds, and when it is set right', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const so = await wrong(
      (clock) => (clock.ahead = 30),
      (clock) => (clock.ahead = 0),
    );
    assert.deepEqual(
      so.told.map(({ state }) => state),
      ['out-of-time', 'good'],
    );
    assert.ok(Math.abs((so.told[0]!.off ?? 0) - 30) < 1, `${so.told[0]!.off}`);
    assert.ok(so.told[0]!.toldAt - so.broken < 10_000 && so.told[1]!.toldAt - so.mended < 12_000);
    assert.deepEqual(
      so.states.map(({ state }) => state),
      ['connecting', 'live'],
      'it sees all the while',
    );
  });

  for (const [name, jumped] of [
    ['an hour on', 3600],
    ['an hour back', -3600],
  ] as const)
    test(`time stamps that jump ${name} are told; stream time goes on, and no picture is lost`, async (t) => {
      if (!needs(t, 'gstreamer')) return;
      const so = await wrong(
        (clock) => (clock.jumped = jumped),
        () => undefined,
      );
      assert.deepEqual(
        so.told.map(({ state }) => state),
        ['out-of-time', 'good'],
      );
      assert.ok(so.told[0]!.toldAt - so.broken < 10_000);
      const steps = so.latest.slice(1).map((time, at) => time - so.latest[at]!);
      assert.ok(
        steps.every((step) => step > 0 && step < 1.5),
        `${Math.max(...steps)}`,
      );
      assert.equal(so.states.at(-1)?.state, 'live');
    });

  test('time stamps a tenth too slow are told, and no picture is taken for a late one', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const so = await wrong(
      (clock) => (clock.pace = 0.9),
      // For so long they would have run away by more than a picture may be late.
      (clock) => void setTimeout(() => (clock.pace = 1), 5000),
    );
    assert.deepEqual(
      so.told.map(({ state }) => state),
      ['out-of-time', 'good'],
    );
    assert.ok(so.told[0]!.toldAt - so.broken < 10_000);
    assert.ok(so.dropped < 10, `${so.dropped} left out`);
    assert.equal(so.states.at(-1)?.state, 'live');
  });
});
