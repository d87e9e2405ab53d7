import type { Fragment, LiveAddress, LiveFrame, LiveState, StreamHead } from '../../src/media/live/index.ts';
import { LiveSource } from '../../src/media/live/index.ts';

/** What came of a camera. */
export interface Collected {
  readonly states: LiveState[];
  /** Stream times. */
  readonly times: number[];
  readonly sizes: string[];
  readonly heads: StreamHead[];
  readonly fragments: Fragment[];
  readonly source: LiveSource;
}

/** Reads a camera, reconnecting, until `done` says so (it is asked after each frame and each state). */
export async function collect(
  address: LiveAddress,
  done: (so: Collected) => boolean,
  onFrame: (frame: LiveFrame, so: Collected) => void | Promise<void> = () => undefined,
): Promise<Collected> {
  const ending = new AbortController();
  const check = (): void => {
    if (done(so)) ending.abort();
  };
  const source = new LiveSource(address, {
    signal: ending.signal,
    onState: (state) => {
      so.states.push(state);
      check();
    },
    onHead: (head) => so.heads.push(head),
    onFragment: (fragment) => so.fragments.push(fragment),
  });
  const so: Collected = { states: [], times: [], sizes: [], heads: [], fragments: [], source };
  for await (const live of source.frames()) {
    so.times.push(live.time);
    so.sizes.push(`${live.frame.width}x${live.frame.height}`);
    await onFrame(live, so);
    check();
  }
  return so;
}

/** The wall time that the stand-in's clock picture shows, milliseconds since 1970. */
export function readClock({ frame }: LiveFrame): number {
  const blocks = frame.readLuma(8, 6);
  return blocks.reduce((sum, level) => sum * 2 + (level > 128 ? 1 : 0), 0);
}

/** The wall time in the first lines of a picture that the stand-in plays from a file. @param luma of its first 16 lines. */
export function readStrip(luma: Uint8Array, width: number): number {
  const block = width / 48;
  return Array.from({ length: 48 }, (_, n) => luma[8 * width + Math.floor((n + 0.5) * block)] ?? 0).reduce(
    (sum, level) => sum * 2 + (level > 128 ? 1 : 0),
    0,
  );
}
