import { Argument, Command, CommanderError, Option } from 'commander';
import type { CommandIo, CommandOption, CommandOptions, CommandSpec } from '../core/command.ts';
import { exitCode } from '../core/command.ts';
import { TidewaiterError } from '../core/errors.ts';

const describeSelf =
  'Reads the video and pictures an agency has, proposes what to cover, and lets people decide.';

/**
 * Finds the command that the words name, checks the words, and runs it.
 * @returns the exit code.
 * @throws TidewaiterError `E_USAGE`, and what the command throws.
 */
export async function runProgram(
  specs: readonly CommandSpec[],
  words: readonly string[],
  version: string,
  io: CommandIo,
): Promise<number> {
  let code: number = exitCode.done;
  const written: string[] = [];
  const program = new Command('tidewaiter')
    .description(describeSelf)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    // An option belongs to the command that it follows, though one above has an option of that name.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => written.push(text),
      writeErr: (text) => written.push(text),
      outputError: () => undefined,
      getOutHelpWidth: () => io.columns,
    });
  for (const spec of specs) {
    addCommand(program, spec, async (chosen, args, options) => {
      code = await chosen.run(args, options, io);
    });
  }
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that nobody asked for: there was no command.
    if (error.code === 'commander.help') code = exitCode.usage;
    else if (error.exitCode !== 0) throw usageError(error, specs, words);
  }
  await io.stdout.write(written.join(''));
  return code;
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  run: (chosen: CommandSpec, args: readonly string[], options: CommandOptions) => Promise<void>,
): void {
  // Subcommands made this way inherit the settings of the program.
  const command = program.command(spec.name).description(spec.summary);
  for (const { name, summary, optional = false, variadic = false } of spec.arguments) {
    const shown = variadic ? `${name}...` : name;
    command.addArgument(new Argument(optional ? `[${shown}]` : `<${shown}>`, summary));
  }
  for (const option of spec.options) command.addOption(toOption(option));
  command.option('--json', 'print JSON lines instead of text');
  command.addHelpText('after', () => examplesText(spec));
  command.action(async () => {
    const { json: _, ...options } = command.opts<CommandOptions>();
    await run(spec, command.args, options);
  });
  if (spec.subcommands === undefined) return;
  command.enablePositionalOptions();
  for (const below of spec.subcommands) addCommand(command, below, run);
}

function toOption({ flags, summary, choices, repeatable, ...rest }: CommandOption): Option {
  const option = new Option(flags, summary);
  if (rest.default !== undefined) option.default(rest.default);
  if (choices !== undefined) option.choices(choices);
  if (repeatable === true) {
    const check = option.parseArg;
    option.argParser((value: string, previous: readonly string[] | undefined) => [
      ...(previous ?? []),
      check === undefined ? value : String(check(value, '')),
    ]);
  }
  return option;
}

function examplesText({ examples }: CommandSpec): string {
  if (examples.length === 0) return '';
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, summary }) => `  ${line.padEnd(width)}  ${summary}`);
  return `\nExamples:\n${lines.join('\n')}\n`;
}

function usageError(
  error: CommanderError,
  specs: readonly CommandSpec[],
  words: readonly string[],
): TidewaiterError {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  const command = specs.find(({ name }) => name === words[0])?.name;
  const help = command === undefined ? 'tidewaiter --help' : `tidewaiter ${command} --help`;
  return new TidewaiterError('E_USAGE', sentence, `See ${help}.`);
}
