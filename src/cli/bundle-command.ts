import { exitCode, type CommandSpec } from '../core/command.ts';

/** `tidewaiter bundle`. */
export const bundleCommand: CommandSpec = {
  name: 'bundle',
  summary: 'Make a signed archive that installs Tidewaiter without a network, or check one',
  arguments: [{ name: 'file', summary: 'NAME.tar.gz or NAME.tar' }],
  options: [
    { flags: '--verify', summary: 'check the archive, and make none' },
    {
      flags: '--key <path>',
      summary:
        'PEM file: the private key (Ed25519 or P-256) that signs (your own signing key when not given); with --verify the public key to check with',
    },
  ],
  examples: [
    { line: 'tidewaiter bundle tidewaiter.tar.gz --key agency.pem', summary: 'on a machine like the others' },
    {
      line: 'tidewaiter bundle tidewaiter.tar.gz --verify --key agency.pub.pem',
      summary: 'where it arrives',
    },
  ],
  async run([file = ''], given, io) {
    const { check, make } = await import('./bundle-run.ts');
    await (given['verify'] === true ? check(file, given, io) : make(file, given, io));
    return exitCode.done;
  },
};
