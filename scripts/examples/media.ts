import { drawRegions, renderVideo } from '../../src/media/index.ts';

// Covers one place in every frame; every presentation time stays what it was.
const report = await renderVideo({
  input: 'body-cam.mp4',
  output: 'covered.mp4',
  draw: (surface) =>
    drawRegions(surface, [
      { box: { x: 100, y: 50, width: 320, height: 200 }, shape: 'ellipse', style: 'blur', label: '(b)(6)' },
    ]),
  video: { codec: 'h264', crf: 23, preset: 'veryfast', threads: 2 },
  audio: { mode: 'mute' },
});
console.log(`${report.frames} frames, left behind:`, report.removed);
