import type { CommandSpec } from '../../../core/command.ts';
import { replayOptions } from '../options.ts';

export const evaluate: CommandSpec = {
  name: 'evaluate',
  summary: 'Score a watch on an annotated recording: alerts, detection and tracking',
  arguments: [],
  options: [
    { flags: '--truth <file>', summary: 'annotated persons in MOTChallenge format' },
    { flags: '--video <file>', summary: 'the recording; its first frame is frame 1 of the truth' },
    ...replayOptions,
  ],
  examples: [
    {
      line: 'tidewaiter watch evaluate --truth gt.txt --video clip.avi --site port.yaml',
      summary: 'precision, recall and duplicates of the zone rules, with their intervals',
    },
  ],
  run: async (_args, options, io) => (await import('./evaluate-run.ts')).runEvaluate(options, io),
};
