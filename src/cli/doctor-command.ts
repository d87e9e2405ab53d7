import { homedir } from 'node:os';
import { exitCode, type CommandSpec } from '../core/command.ts';
import { defaultCacheDir } from '../models/cache.ts';

/** `tidewaiter doctor`. */
export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'Check machine, settings, data folder, database and models, and say what to do',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter doctor', summary: 'exit code 1 when something fails' },
    { line: 'tidewaiter doctor --json', summary: 'one JSON line for each check' },
  ],
  async run(_, __, io) {
    const { examine } = await import('../server/doctor/examine.ts');
    let code: number = exitCode.done;
    for await (const finding of examine(
      process.env,
      process.cwd(),
      defaultCacheDir(process.env, homedir()),
    )) {
      const { what, state, found, remedy } = finding;
      if (state === 'fail') code = exitCode.attention;
      if (io.json) await io.emit('check', finding);
      else
        await io.stdout.write(
          `${state.padEnd(5)}${what}: ${found}${remedy === undefined ? '' : `. ${remedy}`}\n`,
        );
    }
    return code;
  },
};
