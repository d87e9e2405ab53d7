import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathsIn, redactFile } from '../../src/uses/redaction/index.ts';

// The whole job in a worker process: nothing but finished files appears in release/.
const outcome = await redactFile(
  {
    input: 'body-cam.mp4',
    outputs: pathsIn('release', 'body-cam.mp4', 'mp4'),
    settings: { profile: 'fast', styles: { face: 'pixelate' }, audio: { mode: 'drop' } },
    engine: {
      permit: { kind: 'evaluation' },
      cacheDir: join(homedir(), '.cache', 'tidewaiter'),
      threads: 2,
    },
  },
  { onProgress: ({ stage, done, total }) => console.log(stage, done, total) },
);
console.log(outcome.record?.check?.status, outcome.regions, outcome.notes);
