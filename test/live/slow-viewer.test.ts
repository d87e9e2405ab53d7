import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import WebSocket from 'ws';
import { clipFolder, ffprobe } from '../media-clips.ts';
import { openHouse } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import { cameraClip, streamOf } from '../watch/record-clips.ts';
import { addGate, person, runServices, ScriptedCamera } from '../watch/platform/desk.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const clips = clipFolder();
after(clips.remove);
/** What has no loss is large: some megabytes a second. */
const lossless = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-vf', 'noise=alls=40:allf=t'];
const stream = await streamOf(cameraClip(clips.path('camera.mp4'), 4, ...lossless));
const clipBytes = stream.fragments.reduce((sum, { bytes }) => sum + bytes.length, 0);
/** How often the clip is sent. */
const rounds = Math.ceil(120e6 / clipBytes);

test('a viewer of the live view who does not read holds no more than a few megabytes, and is told what was left out', async () => {
  const house = await openHouse();
  const supervisor = await person(house, 'supervisor');
  const camera = new ScriptedCamera();
  const { runner } = runServices(house, camera.run);
  const id = await addGate(supervisor);
  const { handlers } = await camera.begun();
  await handlers.onHead?.(stream.head);
  const url = `${house.url.replace('http', 'ws')}/api/v1/watch/cameras/${id}/live?reason=case+17`;
  const [quick, slow] = [
    new Viewer(url, supervisor.headers, false),
    new Viewer(url, supervisor.headers, true),
  ];
  let sent = 0;
  /** Sends the clip, as fast as the quick viewer takes it. */
  const send = async (): Promise<void> => {
    for (const one of stream.fragments) {
      const messages = quick.messages;
      await handlers.onFragment?.({ ...one, time: one.time + 4 * sent, at: Date.now() });
      while (quick.messages === messages && quick.messages > 0) await breathe();
    }
    sent++;
  };
  await send();
  await until(() => quick.messages > 0 && slow.messages > 0, 'both see it');
  await send();
  slow.socket.pause();
  const before = heldBytes();
  while (sent < rounds) await send();
  const growth = heldBytes() - before;
  assert.ok(growth < 8e6, `${growth} bytes more, of ${rounds * clipBytes} that were sent`);

  slow.socket.resume();
  // It is told with the next key frame that comes when it has read what was held for it.
  await until(async () => {
    await send();
    return slow.skipped > 0;
  }, 'it is told');
  await send();
  assert.equal(quick.skipped, 0);
  assert.ok(slow.skipped > rounds * 2, `${slow.skipped} of ${4 * rounds} s`);
  for (const viewer of [quick, slow]) viewer.socket.terminate();

  // What it got is one stream without a hole that begins again with a key frame.
  const file = clips.path('slow.mp4');
  writeFileSync(file, Buffer.concat(slow.parts));
  const packets = ffprobe(file, '-show_entries', 'packet=dts_time')['packets']!;
  const times = packets.map((packet) => Number(packet['dts_time']));
  assert.ok(times.every((time, at) => at === 0 || Math.abs(time - times[at - 1]! - 0.04) < 0.002));
  await runner.stop(5);
});

/** Of buffers that somebody still holds: what is only not collected yet does not count. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

class Viewer {
  readonly socket: WebSocket;
  /** All that came, when it is kept. */
  readonly parts: Buffer[] = [];
  messages = 0;
  /** Seconds that were left out, as it was told. */
  skipped = 0;

  constructor(url: string, headers: Record<string, string>, keeps: boolean) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.messages++;
        if (keeps) this.parts.push(data);
      } else this.skipped += (JSON.parse(data.toString()) as { skipped?: number }).skipped ?? 0;
    });
  }
}
