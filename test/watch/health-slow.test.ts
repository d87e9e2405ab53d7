import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { canServe, startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';
import { LiveSource } from '../../src/media/live/index.ts';
import { LiveHealth } from '../../src/uses/watch/live-health.ts';
import type { CameraHealth } from '../../src/uses/watch/live.ts';
import { needs } from '../needs.ts';
import { throughHeldBack } from './held-back.ts';

/** What was told of a camera, with the wall time. */
interface Told extends CameraHealth {
  readonly toldAt: number;
}

describe('a camera of which frames are left out', { concurrency: true }, () => {
  let server: RtspServer | undefined;
  before(async () => {
    if (!canServe) return;
    server = await startRtspServer({
      mounts: { '/gate': { width: 160, height: 120, fps: 20, keyEvery: 20, pattern: 'ball' } },
    });
  });
  after(() => server?.stop());

  /**
   * Looks at a real stream for two seconds, spoils it until that is told, and mends it until that is told too.
   * @param lookMs how long it takes to look at a frame.
   */
  async function told(
    port: number,
    so: { lookMs: number; spoil(): void; mend(): void },
  ): Promise<{ told: Told[]; spoiled: number; mended: number }> {
    const ending = new AbortController();
    const source = new LiveSource({ url: `rtsp://127.0.0.1:${port}/gate` }, { signal: ending.signal });
    const health = new LiveHealth();
    const picture = { state: 'good', since: 0 } as const;
    const said: Told[] = [];
    let [began, spoiled, mended] = [0, 0, 0];
    for await (const { time, at } of source.frames()) {
      began ||= Date.now();
      if (spoiled === 0 && Date.now() - began > 2000) {
        spoiled = Date.now();
        so.spoil();
      }
      if (so.lookMs > 0) await sleep(so.lookMs);
      const { dropped, cameraTime: clock } = source;
      const now = health.update({ picture, time, at, dropped, clock });
      if (now === undefined) continue;
      said.push({ ...now, toldAt: Date.now() });
      if (now.state !== 'good') {
        mended = Date.now();
        so.mend();
      } else if (said.length > 1) ending.abort();
    }
    return { told: said, spoiled, mended };
  }

  const check = ({ told: said, spoiled, mended }: Awaited<ReturnType<typeof told>>): void => {
    assert.deepEqual(
      said.map(({ state }) => state),
      ['slow', 'good'],
    );
    assert.ok(said[0]!.toldAt - spoiled < 10_000, `${said[0]!.toldAt - spoiled} ms`);
    assert.ok(said[0]!.leftOut! > 0.5 && said[0]!.leftOut! <= 1, `${said[0]!.leftOut}`);
    assert.ok(said[1]!.toldAt - mended < 15_000, `${said[1]!.toldAt - mended} ms`);
  };

  test('because looking takes longer than they come apart is told to be slow within ten seconds, and when it is not', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const so = {
      lookMs: 0,
      spoil: () => void (so.lookMs = 250),
      mend: () => void (so.lookMs = 0),
    };
    check(await told(server!.port, so));
  });

  test('because its network holds packets back and lets them go at once is told too', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const network = await throughHeldBack(server!.port);
    const so = { lookMs: 0, spoil: () => network.hold(1500), mend: () => network.hold(0) };
    try {
      check(await told(network.port, so));
    } finally {
      network.close();
    }
  });
});
