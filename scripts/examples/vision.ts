import { homedir } from 'node:os';
import { join } from 'node:path';
import { openVideo } from '../../src/media/index.ts';
import {
  defaultModels,
  efforts,
  InferencePool,
  observeClip,
  SceneDetector,
  trackTwoWay,
} from '../../src/vision/index.ts';

// Follows persons, vehicles and faces through a file.
const effort = efforts.fast;
const pool = await InferencePool.start({
  models: [
    { id: defaultModels.objects, threshold: effort.objectThreshold },
    { id: defaultModels.faces, threshold: effort.faceThreshold },
    { id: defaultModels.smallFaces, threshold: effort.smallFaceThreshold },
  ],
  permit: { kind: 'evaluation' },
  use: 'counting',
  now: new Date(),
  cacheDir: join(homedir(), '.cache', 'tidewaiter'),
  threads: 2,
});
const detector = new SceneDetector(pool, effort, defaultModels, {});
const video = await openVideo('body-cam.mp4');
const seen = await observeClip(video.frames(), video.info.size, detector, effort, { parallel: 3 });
await pool.close();
for (const { id, start, end, detections } of trackTwoWay(seen.log)) {
  console.log(`${id}: ${start.toFixed(2)} s to ${end.toFixed(2)} s, seen ${detections} times`);
}
