import type { CommandSpec } from '../../core/command.ts';
import { evaluate } from './evaluate/evaluate-command.ts';
import { replayOptions } from './options.ts';

export const watch: CommandSpec = {
  name: 'watch',
  summary: 'Tell what happens on a camera while its site should be quiet',
  arguments: [
    { name: 'camera', summary: 'address of a camera: rtsp://host/path, http://host/path', optional: true },
  ],
  options: [
    { flags: '--udp', summary: 'RTSP over UDP, for cameras that do not know TCP' },
    {
      flags: '--detect <address>',
      summary: 'second stream of the camera in low resolution, which is looked at instead',
    },
    { flags: '--replay <file>', summary: 'play this recording into the camera slot, as if live' },
    { flags: '--as-fast-as-possible', summary: 'do not wait until frames are due' },
    { flags: '--suppressed', summary: 'show suppressed alerts too (with --json they are always there)' },
    ...replayOptions,
  ],
  examples: [
    {
      line: 'tidewaiter watch rtsp://camera/stream --site port.yaml',
      summary:
        'a camera; its user and password come from TIDEWAITER_CAMERA_USER and TIDEWAITER_CAMERA_PASSWORD',
    },
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
  run: async (args, options, io) => (await import('./watch-run.ts')).runWatch(args, options, io),
};
