import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { TextOutput } from '../core/command.ts';
import { systemCode } from '../core/errors.ts';

/**
 * Text to a stream of this process. A reader that leaves early (`tidewaiter models | head -1`) is no error.
 * @param onGone called once when the reader has left; further text is dropped.
 */
export function textOutput(stream: Writable, onGone: () => void): TextOutput {
  let gone = false;
  stream.on('error', (error) => {
    if (systemCode(error) !== 'EPIPE') throw error;
    if (!gone) onGone();
    gone = true;
  });
  return {
    async write(text) {
      if (gone || stream.write(text)) return;
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch((error: unknown) => {
        if (systemCode(error) !== 'EPIPE') throw error;
      });
    },
  };
}
