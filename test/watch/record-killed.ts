import { SegmentRecorder } from '../../src/media/live/record/index.ts';
import { streamOf } from './record-clips.ts';

/**
 * Records a clip as a camera does, in files of five seconds, and says `written` when that is done; then waits to be
 * killed. Arguments: the clip, the folder, and how many fragments.
 */
const [clip = '', folder = '', count = ''] = process.argv.slice(2);
const { head, fragments } = await streamOf(clip);
const recorder = new SegmentRecorder({
  ...{ camera: 'gate', folder, seconds: 5 },
  onSegment: () => undefined,
  onError: ({ message }) => {
    throw new Error(message);
  },
});
await recorder.start(head);
for (const one of fragments.slice(0, Number(count))) await recorder.push(one);
process.stdout.write('written\n');
setInterval(() => undefined, 1000);
