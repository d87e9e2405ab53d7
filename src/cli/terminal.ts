import type { CommandIo, TextOutput } from '../core/command.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { textOutput } from './outputs.ts';
import { barDisplay, jsonDisplay, textDisplay, type ProgressDisplay } from './progress-display.ts';
import type { StopRequest } from './stop.ts';

const defaultColumns = 100;
/** What a terminal would obey, all but tab and new line: names of files from elsewhere may hold it. */
const commands = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The terminal, pipe or log that a command runs in, and how to leave it tidy. */
export interface Terminal {
  readonly io: CommandIo;
  /** Takes the progress bar away. */
  clear(): void;
  /** Why standard output took no more, though its reader had not left. */
  readonly lost: TidewaiterError | undefined;
  /** The reader of standard output has left, as that of `tidewaiter models | head -1` does. */
  readonly left: boolean;
}

/** @param json true when standard output is for JSON lines. */
export function openTerminal(json: boolean, stop: StopRequest): Terminal {
  let lost: TidewaiterError | undefined;
  let left = false;
  const bare = {
    stdout: textOutput(process.stdout, (why) => {
      stop.request('SIGPIPE');
      if (systemCode(why) === 'EPIPE') left = true;
      else lost = noOutput(why);
    }),
    // Without a reader for its complaints the job goes on: its result is what counts.
    stderr: textOutput(process.stderr, () => undefined),
  };
  const display = chooseDisplay(json);
  const over = (output: TextOutput, { isTTY }: NodeJS.WriteStream): TextOutput => ({
    write(text) {
      display.clear();
      return output.write(isTTY ? text.replaceAll(commands, '\ufffd') : text);
    },
  });
  const stdout = over(bare.stdout, process.stdout);
  return {
    io: {
      stdout,
      stderr: over(bare.stderr, process.stderr),
      isTerminal: process.stdout.isTTY,
      columns: columnsOf(process.stdout),
      signal: stop.signal,
      progress: display.report,
      json,
      emit: (event, fields) => stdout.write(`${JSON.stringify({ event, ...fields })}\n`),
    },
    clear: () => display.clear(),
    get lost() {
      return lost;
    },
    get left() {
      return left;
    },
  };
}

function noOutput(why: Error): TidewaiterError {
  return new TidewaiterError(
    'E_STANDARD_OUTPUT',
    `Standard output takes no more (${why.message})`,
    'Where it goes to a file, free some space or choose another place, and run again.',
    { cause: why },
  );
}

function chooseDisplay(json: boolean): ProgressDisplay {
  const stream = json ? process.stdout : process.stderr;
  const target = {
    write: (text: string) => void stream.write(text),
    columns: () => columnsOf(stream),
    now: () => performance.now() / 1000,
  };
  if (json) return jsonDisplay(target);
  const { TERM, NO_COLOR } = process.env;
  if (!process.stderr.isTTY || TERM === 'dumb') return textDisplay(target);
  // https://no-color.org: set and not empty.
  return barDisplay(target, NO_COLOR === undefined || NO_COLOR === '');
}

function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? stream.columns : defaultColumns;
}
