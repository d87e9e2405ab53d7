import { LiveSource } from '../../src/media/live/index.ts';

/** A process that reads and decodes a camera as the watch does, and looks at nothing, until it is killed. */
const source = new LiveSource({ url: process.argv[2] ?? '' }, { signal: new AbortController().signal });
for await (const { frame } of source.frames()) frame.release();
