import type { CommandSpec } from '../../../core/command.ts';
import { engineOptions } from '../../../host/engine-options.ts';

export const evaluate: CommandSpec = {
  name: 'evaluate',
  summary: 'Measure on simulated scenes what the profiles cover, miss and cover in vain',
  arguments: [],
  options: [
    { flags: '--photographs <folder>', summary: 'photographs whose faces walk through the scenes' },
    { flags: '--faces <file>', summary: 'JSON list of the faces in them; <folder>/faces.json by default' },
    {
      flags: '--profile <name>',
      summary: 'measure this profile; fast, standard and thorough by default',
      repeatable: true,
    },
    {
      flags: '--seeds <from-to>',
      summary:
        'one clip for each; 0-99 are for choosing settings, from 1000 on for reporting; 1000-1079 by default',
    },
    { flags: '--plot <file>', summary: 'write cost against recall as an SVG' },
    ...engineOptions,
  ],
  examples: [
    {
      line: 'tidewaiter redact evaluate --photographs staff/',
      summary: 'what is covered of the faces in staff/faces.json',
    },
    {
      line: 'tidewaiter redact evaluate --seeds 1000-1009 --json',
      summary: 'a rough look at plates, screens and text only',
    },
  ],
  // Codecs, models and the composer are loaded by whoever evaluates, not by every command.
  run: async (_args, options, io) => (await import('./evaluate-run.ts')).runEvaluate(options, io),
};
