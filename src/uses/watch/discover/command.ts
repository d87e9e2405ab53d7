import type { CommandSpec } from '../../../core/command.ts';

/** `tidewaiter watch discover [--timeout S] [--interface NAME]`. */
export const discoverCommand: CommandSpec = {
  name: 'discover',
  summary: 'Ask the network which ONVIF cameras are there',
  arguments: [],
  options: [
    { flags: '--timeout <seconds>', summary: 'how long to wait for answers, 1 to 60', default: '5' },
    { flags: '--interface <name>', summary: 'network to ask in, such as eth0, on a machine with several' },
  ],
  examples: [
    {
      line: 'tidewaiter watch discover',
      summary:
        'names and addresses; with TIDEWAITER_CAMERA_USER and TIDEWAITER_CAMERA_PASSWORD their streams too',
    },
  ],
  run: async (_args, options, io) => (await import('./discover-run.ts')).runDiscover(options, io),
};
