import type { z } from 'zod';
import { TidewaiterError } from './errors.ts';
import { check, misfitOf } from './misfit.ts';
import type { ReportProgress } from './progress.ts';

/** What a command may answer to its caller. 130 (stopped by Ctrl-C) is set by the command line itself. */
export const exitCode = {
  done: 0,
  /** The job ended, but a file failed or something needs a person's attention. */
  attention: 1,
  /** Wrong usage or unusable input: nothing was done. */
  usage: 2,
} as const;

/** A positional argument. */
export interface CommandArgument {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all that follows; only the last argument may. */
  readonly variadic?: boolean;
}

/** A flag with or without a value. */
export interface CommandOption {
  /** `-o, --output <path>`, `--reverse`, `--reasons [set]`; the long name in camelCase is its key. */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** May be given several times; its value is then a list. */
  readonly repeatable?: boolean;
}

export interface CommandExample {
  readonly line: string;
  readonly summary: string;
}

/** Values of the options by camelCase key: text, a list for repeatable ones, `true` for flags, absent when not given. */
export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** A stream of text. */
export interface TextOutput {
  /** Resolves when more may be written: awaiting it is what keeps a long output out of memory. */
  write(text: string): Promise<void>;
}

/** All that a command may know about the terminal it runs in. */
export interface CommandIo {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** True when standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; 100 when there is none. */
  readonly columns: number;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Shown as a bar, as lines or as JSON, whichever fits; call it as often as you like. */
  readonly progress: ReportProgress;
  /** True with `--json`: standard output then holds nothing but {@link CommandIo.emit}ted lines. */
  readonly json: boolean;
  /** Writes one JSON line `{"event": event, ...fields}` to standard output. */
  emit(event: string, fields: object): Promise<void>;
}

/** A command as data. Uses declare theirs in `commands.ts`; the command line assembles them. */
export interface CommandSpec {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly arguments: readonly CommandArgument[];
  /** `--json` and `--help` are there by themselves. */
  readonly options: readonly CommandOption[];
  readonly examples: readonly CommandExample[];
  /** Commands below this one: `tidewaiter redact evaluate`. Their names are no arguments of this one. */
  readonly subcommands?: readonly CommandSpec[];
  /**
   * @param args positional arguments, in order.
   * @returns the exit code, see {@link exitCode}.
   */
  run(args: readonly string[], options: CommandOptions, io: CommandIo): Promise<number>;
}

/**
 * Checks options against a schema whose keys are their camelCase names.
 * @throws TidewaiterError `E_OPTION` naming the first flag that does not fit.
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: CommandOptions,
): z.output<Schema> {
  const parsed = check(schema, options);
  if (parsed.success) return parsed.data;
  const { path, what } = misfitOf(parsed.error);
  const key = String(path[0] ?? 'option');
  const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const missing = path.length === 1 && options[key] === undefined;
  throw new TidewaiterError(
    'E_OPTION',
    missing ? `${flag} is required${hint(what)}` : `${flag} does not fit: ${what}`,
    'Run the command with --help to see what it takes.',
  );
}

/** What a schema says of an option that is not there, when it says more than that. */
function hint(message: string): string {
  return /^(it has to be given|it is missing)/.test(message) ? '' : `: ${message}`;
}
