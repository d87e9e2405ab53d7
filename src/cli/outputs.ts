import type { Writable } from 'node:stream';
import type { TextOutput } from '../core/command.ts';

/**
 * Text to a stream of this process.
 * @param onLost called once when nothing more can be written, with why (`EPIPE`: the reader has left, which
 *   `tidewaiter models | head -1` does early and is no error); further text is dropped.
 */
export function textOutput(stream: Writable, onLost: (why: Error) => void): TextOutput {
  let lost = false;
  const lose = (why: Error): void => {
    if (!lost) onLost(why);
    lost = true;
  };
  stream.on('error', lose);
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (lost) return resolve();
        stream.write(text, (error) => {
          if (error) lose(error);
          resolve();
        });
      }),
  };
}
