import { existsSync } from 'node:fs';
import { toErrorReport } from '../../src/core/errors.ts';
import { serveChild } from '../../src/host/child.ts';
import { openVideo, renderVideo } from '../../src/media/video/index.ts';

/** A file to read and to render, going on past damage or not. */
export interface DamagedFile {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly tolerate: boolean;
}

/** What became of it. */
export interface DamagedOutcome {
  readonly name: string;
  readonly output: string;
  /** Frames that were decoded, or the code of the error that ended the reading. */
  readonly read: number | string;
  /** The same for rendering; frames that the output should hold. */
  readonly rendered: number | string;
  /** How often a frame was given to be drawn on. */
  readonly drawn: number;
  /** Whether there is an output. */
  readonly left: boolean;
}

serveChild<readonly DamagedFile[], number, DamagedOutcome>(async (files, context) => {
  for (const file of files) await context.deliver(await outcomeOf(file));
  return files.length;
});

async function outcomeOf({ name, input, output, tolerate }: DamagedFile): Promise<DamagedOutcome> {
  const damage = tolerate ? ({ tolerate: 'blank' } as const) : {};
  const read = await outcome(async () => {
    let frames = 0;
    for await (const _ of (await openVideo(input)).frames({ threads: 1, ...damage })) frames++;
    return frames;
  });
  let drawn = 0;
  const rendered = await outcome(async () => {
    const { frames } = await renderVideo({
      input,
      output,
      draw: () => void drawn++,
      video: { codec: 'h264', crf: 35, preset: 'ultrafast', threads: 1 },
      audio: { mode: 'keep' },
      ...damage,
    });
    return frames;
  });
  return { name, output, read, rendered, drawn, left: existsSync(output) };
}

async function outcome(work: () => Promise<number>): Promise<number | string> {
  return work().catch((error: unknown) => {
    const { code, message } = toErrorReport(error);
    return code === 'E_INTERNAL' ? `${code}: ${message}` : code;
  });
}
