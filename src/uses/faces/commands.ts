import type { CommandSpec } from '../../core/command.ts';

/** `tidewaiter governance face-test`. */
export const faceTest: CommandSpec = {
  name: 'face-test',
  summary:
    'Error rates of a face matcher from its scores, for each group, as a signed report; or check such a report',
  arguments: [
    {
      name: 'scores',
      summary: 'a table, lines of label and score, or a list of mated scores',
      optional: true,
    },
  ],
  options: [
    { flags: '--nonmated <file>', summary: 'a list of non-mated scores, when the first is a list' },
    {
      flags: '--transactions <file>',
      summary: 'what people met: captures that failed, duration, satisfaction',
    },
    { flags: '--searches <file>', summary: 'ranked lists of candidates from searches of a gallery' },
    { flags: '--plan <file>', summary: 'what the test must show, as YAML, written before it was run' },
    { flags: '--target-fmr <rate>', summary: 'false match rate at which the threshold is set (0.001)' },
    { flags: '--model <digest>', summary: 'SHA-256 or name of the model that was tested' },
    { flags: '--camera <name>', summary: 'what the captures were made with' },
    { flags: '--purpose <text>', summary: 'what the system is for' },
    {
      flags: '--key <file>',
      summary: 'private key (PEM, Ed25519 or P-256) that signs; with --verify the public one',
    },
    { flags: '-o, --output <folder>', summary: 'where report.json, report.pdf and groups.csv go' },
    { flags: '--verify <report>', summary: 'compute a report.json again and compare every figure' },
    { flags: '--scores <file>', summary: 'with --verify, the scores it rests on' },
  ],
  examples: [
    {
      line: 'tidewaiter governance face-test scores.csv --plan plan.yaml --key lab.pem -o out/',
      summary: 'a report, signed by the lab',
    },
    {
      line: 'tidewaiter governance face-test --verify out/report.json --scores scores.csv --key lab-public.pem',
      summary: 'exit code 1 when a figure or the signature does not hold',
    },
  ],
  run: async (args, options, io) => (await import('./face-test-run.ts')).runCommand(args, options, io),
};
