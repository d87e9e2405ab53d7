import type { CommandSpec } from '../../../core/command.ts';

/** `tidewaiter watch verify-evidence FILE [--key K]`. */
export const verifyEvidenceCommand: CommandSpec = {
  name: 'verify-evidence',
  summary: 'Check that an evidence package of an alert is as it was signed',
  arguments: [{ name: 'file', summary: 'the package, a zip file' }],
  options: [{ flags: '--key <file>', summary: 'public key (PEM) of who must have signed it' }],
  examples: [
    {
      line: 'tidewaiter watch verify-evidence alert-17.zip --key agency.pem',
      summary: 'needs no network and no installation of the agency',
    },
  ],
  run: async (args, options, io) => (await import('./verify-run.ts')).runVerifyEvidence(args, options, io),
};
