import { exitCode, type CommandSpec } from '../core/command.ts';
import { readSettings } from '../platform/settings/settings.ts';

/** `tidewaiter serve`. */
export const serveCommand: CommandSpec = {
  name: 'serve',
  summary: 'Run the platform: database, API and jobs, until Ctrl-C',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter serve', summary: 'with a PostgreSQL of its own in the data folder' },
    {
      line: 'TIDEWAITER_DATABASE_URL=postgres://... tidewaiter serve',
      summary: 'on the agency’s PostgreSQL',
    },
  ],
  async run(_, __, io) {
    const settings = await readSettings(process.env, process.cwd());
    const { serve } = await import('../server/serve.ts');
    const { openLog } = await import('../server/log.ts');
    const { log, close } = await openLog(settings, io.stderr, process.stderr.isTTY);
    await serve({
      settings,
      signal: io.signal,
      log,
      onReady: async ({ url, firstRunCode }) => {
        if (io.json)
          return io.emit('ready', { url, ...(firstRunCode === undefined ? {} : { firstRunCode }) });
        await io.stdout.write(`Tidewaiter is at ${url}\nThe API is described at ${url}/api\n`);
        if (firstRunCode !== undefined)
          await io.stdout.write(
            `Nobody has an account yet. This code makes its bearer the first administrator, for a day:\n\n    ${firstRunCode}\n\n`,
          );
      },
    }).finally(close);
    return exitCode.done;
  },
};

/** `tidewaiter worker`. */
export const workerCommand: CommandSpec = {
  name: 'worker',
  summary: 'Take up jobs beside a platform that runs, until Ctrl-C',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter worker', summary: 'one more process on the same machine' },
    {
      line: 'TIDEWAITER_DATABASE_URL=postgres://... tidewaiter worker',
      summary: 'on another machine, with the same data folder mounted',
    },
  ],
  async run(_, __, io) {
    const settings = await readSettings(process.env, process.cwd());
    const { work } = await import('../server/serve.ts');
    const { openLog } = await import('../server/log.ts');
    const { log, close } = await openLog(settings, io.stderr, process.stderr.isTTY);
    await work({ settings, signal: io.signal, log }).finally(close);
    return exitCode.done;
  },
};
