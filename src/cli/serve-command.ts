import { resolve } from 'node:path';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandSpec } from '../core/command.ts';
import { readSettings } from '../platform/settings/settings.ts';
import type { LinkState } from '../uses/watch/edge/link.ts';

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
  options: [
    {
      flags: '--cameras',
      summary:
        'watch cameras and do nothing else: for a small machine beside them, over a link that comes and goes',
    },
    { flags: '--site <id>', summary: 'with --cameras: only cameras of this site', repeatable: true },
    {
      flags: '--spool <folder>',
      summary: 'with --cameras: what was seen waits here for the link (default: in the data folder)',
    },
    {
      flags: '--link-rate <kilobytes>',
      summary: 'with --cameras: most that pictures and clips take of the link, in a second',
    },
  ],
  examples: [
    { line: 'tidewaiter worker', summary: 'one more process on the same machine' },
    {
      line: 'TIDEWAITER_DATABASE_URL=postgres://... tidewaiter worker',
      summary: 'on another machine, with the same data folder mounted',
    },
    {
      line: 'TIDEWAITER_DATABASE_URL=postgres://... tidewaiter worker --cameras --site pier',
      summary: 'beside the cameras of a site',
    },
  ],
  async run(_, given, io) {
    const options = parseOptions(workerOptions, given);
    const settings = await readSettings(process.env, process.cwd());
    const { openLog } = await import('../server/log.ts');
    const { log, close } = await openLog(settings, io.stderr, process.stderr.isTTY);
    const common = { settings, signal: io.signal, log };
    if (options.cameras === undefined) {
      const { work } = await import('../server/serve.ts');
      await work(common).finally(close);
      return exitCode.done;
    }
    const { workCameras } = await import('../server/work-cameras.ts');
    const closed = await workCameras({
      ...common,
      sites: options.site,
      ...(options.spool === undefined ? {} : { spool: resolve(options.spool) }),
      ...(options.linkRate === undefined ? {} : { bytesPerSecond: options.linkRate * 1000 }),
      onLink: async (state) => {
        if (io.json) await io.emit('link', state);
        else await io.stdout.write(`${linkLine(state)}\n`);
      },
    }).finally(close);
    // Whoever is told a second time to stop ends at once, with the exit code of the first.
    if (!closed) process.kill(process.pid, 'SIGTERM');
    return exitCode.done;
  },
};

const cameraOptions = ['site', 'spool', 'linkRate'] as const;
const workerOptions = z
  .object({
    cameras: z.literal(true).optional(),
    site: z.array(z.string().min(1)).default([]),
    spool: z.string().min(1).optional(),
    linkRate: z.coerce.number('write a number of kilobytes').positive('must be above 0').optional(),
  })
  .superRefine(({ cameras, ...rest }, context) => {
    const alone = cameraOptions.find((name) => rest[name] !== undefined && rest[name].toString() !== '');
    if (cameras === undefined && alone !== undefined)
      context.addIssue({ code: 'custom', path: [alone], message: 'it is for --cameras' });
  });

function linkLine({ link, since, waitingBytes }: LinkState): string {
  const waiting = waitingBytes === 0 ? '' : `; ${(waitingBytes / 1e6).toFixed(1)} MB wait here`;
  const at = new Date(since).toISOString();
  return link === 'up' ? `the platform answers since ${at}${waiting}` : `no platform since ${at}${waiting}`;
}
