import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { clipFolder, ffmpeg } from '../../media-clips.ts';
import { exactProxy, h264, tone, withB } from './exact.ts';
import { numberedClip } from './numbered.ts';

const clips = clipFolder();
after(() => clips.remove());

describe('a proxy shows every frame, whatever its shape', () => {
  test('of a camera that no browser plays', async () => {
    const path = clips.path('camera.avi');
    const output = [
      '-pix_fmt',
      'yuvj420p',
      '-c:v',
      'mjpeg',
      '-q:v',
      '4',
      '-c:a',
      'pcm_s16le',
      '-shortest',
      path,
    ];
    numberedClip({ width: 320, height: 240, frames: 75 }, output, tone(300));
    const { sound } = await exactProxy(path);
    assert.equal(sound?.index[0]?.codec, 'pcm_s16le');
  });

  test('with sides of odd length', async () => {
    const path = clips.path('odd.mkv');
    numberedClip({ width: 321, height: 241, frames: 40 }, ['-pix_fmt', 'yuv444p', ...h264, path]);
    const { size, shown, source } = (await exactProxy(path)).video;
    assert.deepEqual(size, { width: 322, height: 242 });
    assert.deepEqual(
      [shown, source],
      [
        { width: 321, height: 241 },
        { width: 321, height: 241 },
      ],
    );
  });

  test('made smaller', async () => {
    const path = clips.path('large.mp4');
    numberedClip({ width: 1280, height: 800, frames: 26 }, ['-pix_fmt', 'yuv420p', ...h264, ...withB, path]);
    const { size, source } = (await exactProxy(path)).video;
    assert.deepEqual(
      [size, source],
      [
        { width: 1152, height: 720 },
        { width: 1280, height: 800 },
      ],
    );
  });

  test('of a phone that was held upright, with pixels that are not square', async () => {
    const [flat, path] = [clips.path('flat.mp4'), clips.path('upright.mp4')];
    const turned = ['-vf', 'transpose=1,setsar=4/3', '-pix_fmt', 'yuv420p', ...h264, ...withB, flat];
    numberedClip({ width: 240, height: 320, frames: 60 }, turned);
    ffmpeg('-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', path);
    const { video, poster } = await exactProxy(path);
    assert.deepEqual(video.size, { width: 240, height: 320 });
    assert.deepEqual(video.pixelAspect, { num: 3, den: 4 });
    assert.deepEqual([poster.width, poster.height], [180, 320]);
  });
});
