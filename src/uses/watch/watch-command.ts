import type { CommandSpec } from '../../core/command.ts';
import { evaluate } from './evaluate/evaluate-command.ts';
import { replayOptions } from './options.ts';

export const watch: CommandSpec = {
  name: 'watch',
  summary: 'Tell what happens on a camera while its site should be quiet',
  arguments: [],
  options: [
    { flags: '--replay <file>', summary: 'play this recording into the camera slot, as if live' },
    { flags: '--as-fast-as-possible', summary: 'do not wait until frames are due' },
    { flags: '--suppressed', summary: 'show suppressed alerts too (with --json they are always there)' },
    ...replayOptions,
  ],
  examples: [
    {
      line: 'tidewaiter watch --replay clip.avi --site port.yaml',
      summary: 'alerts as they happen, in real time',
    },
    {
      line: 'tidewaiter watch --replay clip.avi --site port.yaml --as-fast-as-possible --json',
      summary: 'one JSON line for each alert and incident',
    },
  ],
  subcommands: [evaluate],
  run: async (_args, options, io) => (await import('./watch-run.ts')).runWatch(options, io),
};
