import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { ffmpeg, ffprobe, frameTimes, loudness, samples } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { clipFile, emptyLane, outputsAt, readRecordFile, workplace } from './clips.ts';
import { exiftool } from './exiftool.ts';
import { succeeds } from './program.ts';

/** What of a source is still there in its output, and what is gone. */

const place = workplace();
after(place.remove);

const clip = place.path('clip.mp4');

before(async () => {
  await clipFile(await emptyLane({ seconds: 2 }), clip);
});

async function redacted(input: string, ...options: string[]): Promise<string> {
  const out = place.path(`out${options.join('')}`.replaceAll(':', '.'));
  await succeeds('redact', input, '-o', `${out}/`, '--profile', 'fast', '--no-check', ...options);
  const stem = input.slice(place.folder.length + 1).replace(/\.\w+$/, '');
  return outputsAt(`${out}/${stem}`)[0];
}

describe('times', () => {
  test('every presentation time of a clip of variable frame rate is its original', async (t) => {
    if (!needs(t, 'ffprobe')) return;
    const input = await clipFile(await emptyLane({ vfr: true, seconds: 3 }), place.path('vfr.mp4'));
    const output = await redacted(input);
    const times = frameTimes(input);
    assert.deepEqual(frameTimes(output), times);
    const steps = times.slice(1).map((time, index) => (Number(time) - Number(times[index])).toFixed(3));
    assert.ok(new Set(steps).size > 3, steps.join());
    const durations = [input, output].map((path) => {
      const { format } = ffprobe(path, '-show_entries', 'format=duration') as unknown as {
        format: { duration: string };
      };
      return Number(format.duration);
    });
    assert.ok(Math.abs(durations[0]! - durations[1]!) < 0.05, durations.join(' and '));
  });
});

describe('sound', () => {
  const sounds = (path: string): number[] => {
    const sound = samples(path);
    return [0.1, 0.6, 1.5].map((from) => loudness(sound, from, from + 0.3));
  };

  test('is kept to the packet unless something else is asked', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const packets = (path: string): unknown =>
      ffprobe(
        path,
        '-select_streams',
        'a',
        '-show_data_hash',
        'md5',
        '-show_entries',
        'packet=pts_time,data_hash',
      );
    assert.deepEqual(packets(await redacted(clip)), packets(clip));
  });

  test('--mute and --bleep change a span and leave the rest', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const original = sounds(clip);
    assert.ok(Math.min(...original) > 0.01, original.join());
    const muted = sounds(await redacted(clip, '--mute', '0.5-1'));
    assert.ok(muted[1]! < 0.001, muted.join());
    for (const at of [0, 2]) assert.ok(Math.abs(muted[at]! - original[at]!) < 0.003, muted.join());
    const bleeped = sounds(await redacted(clip, '--bleep', '0.5-1'));
    assert.ok(bleeped[1]! > 0.02 && Math.abs(bleeped[1]! - original[1]!) > 0.01, bleeped.join());
    for (const at of [0, 2]) assert.ok(Math.abs(bleeped[at]! - original[at]!) < 0.003, bleeped.join());
  });

  test('a release is silent, and --audio drop leaves no track', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const released = await redacted(clip, '--profile', 'public-release', '--classes', 'face');
    assert.ok(Math.max(...sounds(released)) < 0.001);
    const dropped = await redacted(clip, '--audio', 'drop');
    assert.deepEqual(ffprobe(dropped, '-select_streams', 'a', '-show_streams')['streams'], []);
  });
});

describe('metadata', () => {
  const rich = place.path('rich.mp4');
  const secrets = /32\.54|117\.03|OFFICER|SECRET|2019|CAMERA-7/i;

  before(async () => {
    await sharp({ create: { width: 32, height: 32, channels: 3, background: '#a00' } }).toFile(
      place.path('cover.png'),
    );
    writeFileSync(place.path('words.srt'), '1\n00:00:00,100 --> 00:00:01,500\nSECRET words\n');
    const chapter = '[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=Chapter SECRET\n';
    writeFileSync(
      place.path('tags.txt'),
      `;FFMETADATA1\ntitle=SECRET title\nartist=OFFICER ON DUTY\n${chapter}`,
    );
  });

  test('nothing of it is left: tags, place, time, subtitles, chapters, cover, data', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'exiftool')) return;
    const inputs = [clip, place.path('words.srt'), place.path('cover.png'), place.path('tags.txt')];
    const streams = ['-map', '0', '-map', '1', '-map', '2', '-map_metadata', '3', '-map_chapters', '3'];
    const tags = ['location=+32.5400-117.0300/', 'creation_time=2019-05-04T03:02:01Z', 'model=CAMERA-7'];
    ffmpeg(
      ...inputs.flatMap((path) => ['-i', path]),
      ...streams,
      ...['-c', 'copy', '-c:s', 'mov_text', '-disposition:v:1', 'attached_pic', '-timecode', '01:02:03:04'],
      ...tags.flatMap((tag) => ['-metadata', tag]),
      ...['-metadata:s:v:0', 'handler_name=SECRET handler', '-movflags', '+use_metadata_tags'],
      rich,
    );
    assert.match(JSON.stringify(exiftool(rich)), secrets);
    const output = await redacted(rich);
    const probed = ffprobe(output, '-show_streams', '-show_format', '-show_chapters');
    assert.deepEqual(
      probed['streams']!.map((stream) => stream['codec_type']),
      ['video', 'audio'],
    );
    assert.deepEqual(probed['chapters'], []);
    assert.ok(!secrets.test(JSON.stringify(probed)), JSON.stringify(probed));
    const { SourceFile: _, ...left } = exiftool(output);
    const text = JSON.stringify(Object.entries(left).filter(([name]) => !/^(System|ExifTool):/.test(name)));
    assert.ok(!secrets.test(text), text);
    assert.ok(!/GPS|Subtitle|Timecode|Cover/i.test(text), text);
    const record = readRecordFile(output.replace('.redacted.mp4', '.record.json'));
    assert.ok(record.removed.length >= 6, JSON.stringify(record.removed));
  });

  test('a tag that was asked for stays, and only that', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'exiftool')) return;
    const output = await redacted(rich, '--keep-tag', 'artist');
    const { format } = ffprobe(output, '-show_format') as unknown as {
      format: { tags: Record<string, string> };
    };
    assert.equal(format.tags['artist'], 'OFFICER ON DUTY');
    assert.ok(!('title' in format.tags));
  });
});
