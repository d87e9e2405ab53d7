import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { sha256File } from '../../src/core/digest.ts';
import { TidewaiterError } from '../../src/core/errors.ts';
import type { Fragment } from '../../src/media/live/fragment.ts';
import {
  AlertClips,
  clipBytes,
  PacketRing,
  splitFragments,
  type ClipOutcome,
  type RecordedClip,
  type TrackHead,
} from '../../src/media/live/record/index.ts';
import { clipFolder, ffprobe } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { bytesOf, cameraClip, packetsOf, pictures, streamOf } from './record-clips.ts';

const clips = clipFolder();
const source = clips.path('camera.mp4');
let head: TrackHead;
let fragments: Fragment[];
after(clips.remove);
before(async () => {
  cameraClip(source, 12);
  ({ head, fragments } = await streamOf(source));
});

const plenty = { seconds: 60, bytes: 64 << 20 };
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;

/** That a file shows the pictures of the source from a time on, at the same distances. */
function assertCopied(path: string, begins: number): void {
  const [all, copied] = [packetsOf(source), packetsOf(path)];
  const first = all.findIndex(({ dts, key }) => key && near(dts, begins + all[0]!.dts));
  assert.ok(first >= 0, `the source has a key frame at ${begins}`);
  const expected = all.slice(first, first + copied.length);
  assert.equal(expected.length, copied.length);
  for (const [index, packet] of copied.entries()) {
    const other = expected[index]!;
    assert.ok(
      near(packet.pts, other.pts - begins) && near(packet.dts, other.dts - begins),
      `packet ${index}`,
    );
    assert.deepEqual([packet.size, packet.key], [other.size, other.key]);
  }
  // Pictures come in another order than packets: those of a clip are all that its packets show.
  const shown = new Set(expected.map(({ pts }) => pts));
  const times = all.map(({ pts }) => pts).toSorted((a, b) => a - b);
  const wanted = pictures(source).filter((_, index) => shown.has(times[index]!));
  assert.equal(pictures(path).join('\n'), wanted.join('\n'));
}

describe('a stream taken apart', () => {
  test('has the head, times and key frames that ffprobe sees', async () => {
    assert.deepEqual([head.width, head.height], [320, 180]);
    const [stream] = ffprobe(source, '-show_entries', 'stream=profile,level')['streams']!;
    assert.equal(stream!['profile'], 'High');
    assert.equal(head.codecs, `avc1.6400${Number(stream!['level']).toString(16).padStart(2, '0')}`);
    const packets = packetsOf(source);
    const shift = packets[0]!.dts;
    const starts = packets.filter(({ key }) => key).map(({ dts }) => dts - shift);
    const found = fragments.filter(({ keyFrame }) => keyFrame).map(({ time }) => time);
    assert.equal(found.length, 12);
    for (const [index, time] of found.entries()) assert.ok(near(time, starts[index]!));
    const length = fragments.reduce((sum, { duration }) => sum + duration, 0);
    assert.ok(Math.abs(length - 12) < 0.1);
  });

  test('names H.265 as the standard does', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const quiet = [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=none:level-idc=3.1',
      '-tag:v',
      'hvc1',
    ];
    const stream = await streamOf(cameraClip(clips.path('hevc.mp4'), 1, ...quiet));
    assert.match(stream.head.codecs, /^hvc1\.(1\.6|4\.10)\.L93\.9[0-9A-F](\.[0-9A-F]+)*$/);
    assert.ok(stream.fragments[0]!.keyFrame);
  });

  test('gives the same pieces however the bytes arrive', async () => {
    const bytes = bytesOf(source);
    const random = new Random('chunks');
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length;) {
        const size = 1 + random.integer(random.pick([3, 40, 5000]));
        yield bytes.subarray(at, at + size);
        at += size;
      }
    }
    const again = await splitFragments(chunks(), () => 0);
    let index = 0;
    for await (const one of again.fragments) assert.deepEqual(one.bytes, fragments[index++]!.bytes);
    assert.equal(index, fragments.length);
  });

  test('that is cut off gives its whole fragments and says so; a file that is not fragmented is refused', async () => {
    const bytes = bytesOf(source);
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, bytes.length - 20_000);
    }
    const { fragments: rest } = await splitFragments(cut(), () => 0);
    let count = 0;
    await assert.rejects(
      async () => {
        for await (const one of rest) count += one.bytes.length > 0 ? 1 : 0;
      },
      { code: 'E_FRAGMENTS', message: /ends within a fragment/ },
    );
    assert.ok(count > 20 && count < fragments.length);
    const plain = clips.path('plain.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-i', source, '-c', 'copy', '-movflags', 'faststart', plain]);
    await assert.rejects(streamOf(plain), { code: 'E_FRAGMENTS', message: /not fragmented/ });
  });

  test('that is hostile ends in an error, never in a hang or in memory without bound', async () => {
    const random = new Random('hostile');
    const whole = bytesOf(source).subarray(0, 60_000);
    const structure = Math.min(whole.length, 3000);
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const bytes = Buffer.from(whole);
      for (let change = random.integer(4); change >= 0; change--) {
        const at = random.integer(random.pick([structure, whole.length - 8]));
        if (random.next() < 0.5) bytes.writeUInt8(random.integer(256), at);
        else bytes.writeUInt32BE(random.pick([0, 1, 7, 0x7fff_ffff, 0xffff_ffff]), at);
      }
      const end = random.next() < 0.3 ? random.integer(bytes.length) : bytes.length;
      try {
        const stream = await splitFragments(chunked(bytes.subarray(0, end)), () => 0);
        for await (const one of stream.fragments)
          assert.ok(one.bytes.length <= bytes.length && one.duration >= 0);
      } catch (error) {
        assert.ok(error instanceof TidewaiterError && error.code === 'E_FRAGMENTS', String(error));
        refused++;
      }
    }
    assert.ok(refused > 500);
    // A box that claims to be endless is refused before its bytes are waited for.
    for (const type of ['moov', 'moof', 'mdat']) {
      const header = Buffer.alloc(16);
      header.writeUInt32BE(1, 0);
      header.write(type, 4, 'latin1');
      header.writeBigUInt64BE(1n << 40n, 8);
      await assert.rejects(
        splitFragments(chunked(header), () => 0),
        { code: 'E_FRAGMENTS' },
      );
    }
  });
});

async function* chunked(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
}

describe('a packet ring', () => {
  test('cuts a clip from the key frame before, with the packets and pictures of the source', () => {
    const ring = new PacketRing(plenty);
    ring.start(head);
    for (const one of fragments) ring.push(one);
    const clip = ring.clipOf(3.5, 7.3)!;
    assert.deepEqual([clip.asked, clip.begins, clip.missing], [{ from: 3.5, to: 7.3 }, 3, []]);
    assert.ok(clip.ends >= 7.3 && clip.ends < 7.7);
    const path = clips.path('cut.mp4');
    writeFileSync(path, Buffer.concat([...clipBytes(clip)]));
    assertCopied(path, 3);
  });

  test('keeps the seconds it should, from a key frame on, and never more than its bytes', () => {
    const bytes = fragments.reduce((sum, one) => sum + one.bytes.length, 0);
    const byTime = new PacketRing({ seconds: 4.5, bytes: 64 << 20 });
    const bySize = new PacketRing({ seconds: 60, bytes: Math.round(bytes / 3) });
    for (const ring of [byTime, bySize]) ring.start(head);
    for (const one of fragments) {
      byTime.push(one);
      bySize.push(one);
      assert.ok(bySize.state().bytes <= bytes / 3);
    }
    assert.equal(byTime.state().from, 7);
    assert.ok(bySize.state().from > 7 && Number.isInteger(bySize.state().from));
    const clip = byTime.clipOf(2, 9)!;
    assert.deepEqual(clip.missing, [{ from: 2, to: 7, why: 'before the first key frame held' }]);
  });

  test('without a key frame for 30 s stays bounded, and says since when it waits', () => {
    const bytes = 2 * fragments.slice(0, 20).reduce((sum, one) => sum + one.bytes.length, 0);
    const ring = new PacketRing({ seconds: 10, bytes });
    ring.start(head);
    const long = Array.from({ length: 300 }, (_, index) => ({
      ...fragments[index % 20]!,
      keyFrame: index === 0 || index === 280,
      time: index * 0.1,
      duration: 0.1,
    }));
    let waited = false;
    for (const [index, one] of long.entries()) {
      ring.push(one);
      const state = ring.state();
      assert.ok(state.bytes <= bytes);
      waited ||= state.waitingForKeyFrame !== undefined;
      if (index === 279) {
        assert.equal(state.fragments, 0);
        assert.equal(ring.clipOf(20, 27), undefined);
      }
    }
    assert.ok(waited);
    assert.deepEqual(ring.clipOf(20, 29)?.missing, [
      { from: 20, to: 28, why: 'before the first key frame held' },
    ]);
    assert.equal(ring.state().waitingForKeyFrame, undefined);
  });

  test('begins anew when times jump back, and names a pause', () => {
    const ring = new PacketRing(plenty);
    ring.start(head);
    for (const one of fragments.filter(({ time }) => time < 3 || time >= 6)) ring.push(one);
    const [pause] = ring.clipOf(1, 8)!.missing;
    assert.ok(pause!.from > 2.9 && pause!.from < 3.1);
    assert.deepEqual([pause!.to, pause!.why], [6, 'no pictures came']);
    ring.push(fragments[0]!);
    assert.deepEqual([ring.state().from, ring.state().fragments], [0, 1]);
  });
});

describe('clips of alerts', () => {
  const made = (outcome: ClipOutcome): RecordedClip => {
    assert.ok('clip' in outcome, JSON.stringify(outcome));
    return outcome.clip;
  };
  const recorder = (folder: string, options: object = {}): { clips: AlertClips; outcomes: ClipOutcome[] } => {
    const outcomes: ClipOutcome[] = [];
    const onClip = (outcome: ClipOutcome): void => void outcomes.push(outcome);
    const settings = { folder, ring: plenty, preRoll: 2, postRoll: 2, ...options };
    return { clips: new AlertClips({ ...settings, onClip }), outcomes };
  };

  test('begin before the alert, are extended by further ones, and are whole files', async () => {
    const folder = clips.path('alerts');
    const { clips: recording, outcomes } = recorder(folder);
    await recording.start(head);
    for (const one of fragments) {
      await recording.push(one);
      if (near(one.time, 4)) await recording.alert({ id: 'a-1', time: 3.8 });
      if (near(one.time, 5)) await recording.alert({ id: 'a-2', time: 5.1 });
      if (near(one.time, 11)) await recording.alert({ id: 'b/../1', time: 11 });
    }
    await recording.end();
    assert.deepEqual(
      outcomes.map(({ alerts }) => alerts),
      [['a-1', 'a-2'], ['b/../1']],
    );
    const [first, second] = outcomes.map(made);
    assert.deepEqual([first!.asked.from.toFixed(1), first!.asked.to.toFixed(1)], ['1.8', '7.1']);
    assert.deepEqual([first!.begins, first!.missing], [1, []]);
    assertCopied(first!.file, 1);
    assert.equal(first!.sha256, await sha256File(first!.file));
    assert.equal(first!.bytes, bytesOf(first!.file).length);
    assert.deepEqual(
      second!.missing.map(({ why }) => why),
      ['not recorded to its end'],
    );
    assert.deepEqual(readdirSync(folder).sort(), [
      '2026-11-22T23-59-31.000Z-a-1.mp4',
      '2026-11-22T23-59-39.000Z-b_.._1.mp4',
    ]);
  });

  test('become another file at the limit of length', async () => {
    const { clips: recording, outcomes } = recorder(clips.path('limit'), { longest: 6 });
    await recording.start(head);
    for (const one of fragments) {
      await recording.push(one);
      if (one.keyFrame && one.time >= 3 && one.time <= 9)
        await recording.alert({ id: `t${one.time}`, time: one.time });
    }
    await recording.end();
    assert.deepEqual(
      outcomes.map(({ alerts }) => alerts),
      [['t3', 't4', 't5'], ['t6', 't7', 't8'], ['t9']],
    );
    for (const outcome of outcomes) assertCopied(made(outcome).file, made(outcome).begins);
  });

  test('of a camera that sends nothing say so; the alert stands', async () => {
    const { clips: recording, outcomes } = recorder(clips.path('nothing'));
    await recording.start(head);
    await recording.alert({ id: 'dark', time: 5 });
    await recording.end();
    const [outcome] = outcomes;
    assert.ok(outcome !== undefined && 'error' in outcome && outcome.error.code === 'E_CLIP_EMPTY');
    assert.deepEqual(outcome.alerts, ['dark']);
  });

  test('on a full disk are an error with a name, nothing is left, and the next one works', async (t) => {
    if (!needs(t, 'root')) return;
    const disk = clips.path('disk');
    execFileSync('mkdir', [disk]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      const { clips: recording, outcomes } = recorder(disk);
      await recording.start(head);
      for (const one of fragments) {
        await recording.push(one);
        if (near(one.time, 4)) await recording.alert({ id: 'lost-clip', time: 4 });
        if (near(one.time, 7)) execFileSync('mount', ['-o', 'remount,size=64m', disk]);
        if (near(one.time, 8)) await recording.alert({ id: 'kept', time: 8 });
      }
      await recording.end();
      const [failed, kept] = outcomes;
      assert.ok(failed !== undefined && 'error' in failed && failed.error.code === 'E_NO_SPACE');
      assert.deepEqual(failed.alerts, ['lost-clip']);
      assert.ok(existsSync(made(kept!).file));
      assert.deepEqual(readdirSync(disk).length, 1);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
