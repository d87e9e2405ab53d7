import type { CommandSpec } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';

const lab = { name: 'lab', summary: 'folder of the lab for this set, made by seal; vendors never see it' };

const sealCommand: CommandSpec = {
  name: 'seal',
  summary: 'Commit to a test set and its goals before anybody is tested on it',
  arguments: [{ name: 'set', summary: 'folder with set.json and the pictures it names' }, lab],
  options: [
    { flags: '--plan <file>', summary: 'goals, planned sample and limits (JSON or YAML)' },
    { flags: '--key <file>', summary: 'private key of the lab (PEM, Ed25519 or P-256)' },
    {
      flags: '--admit <file>',
      summary: 'public key of a vendor who may submit; all unless given',
      repeatable: true,
    },
  ],
  examples: [
    {
      line: 'tidewaiter governance accept seal gate-2026/ lab/ --plan plan.yaml --key lab.pem',
      summary: 'then publish lab/commitment.json',
    },
  ],
  run: async (args, options, io) => (await import('./accept-run.ts')).sealSet(args, options, io),
};

const submitCommand: CommandSpec = {
  name: 'submit',
  summary: 'Test what a vendor handed in, once and blind, and sign the report',
  arguments: [lab],
  options: [
    {
      flags: '--model <file>',
      summary: 'ONNX file with its card, and the signature of both (FILE.sig) beside it',
    },
    { flags: '--process <command>', summary: 'command that speaks the protocol, run in a copy of --files' },
    { flags: '--files <folder>', summary: 'what the command needs, signed (model.sig in it)' },
    { flags: '--key <file>', summary: 'public key of the vendor, who signed it' },
    { flags: '--lab-key <file>', summary: 'private key of the lab, the one that sealed the set' },
    {
      flags: '--unconfined',
      summary: 'run the process on a machine that cannot confine it; the report says so',
    },
  ],
  examples: [
    {
      line: 'tidewaiter governance accept submit lab/ --model finder.onnx --key vendor-public.pem --lab-key lab.pem',
      summary: 'a model',
    },
    {
      line: 'tidewaiter governance accept submit lab/ --process "python3 run.py" --files theirs/ --key vendor-public.pem --lab-key lab.pem',
      summary: 'a program',
    },
  ],
  run: async (args, options, io) => (await import('./accept-run.ts')).submitOne(args, options, io),
};

const reportCommand: CommandSpec = {
  name: 'report',
  summary: 'Compute all reports of a lab again and say what does not follow; write them as PDF',
  arguments: [lab],
  options: [
    { flags: '--key <file>', summary: 'public key of the lab' },
    { flags: '-o, --output <folder>', summary: 'folder for a PDF of each report' },
  ],
  examples: [
    {
      line: 'tidewaiter governance accept report lab/ --key lab-public.pem -o reports/',
      summary: 'check and print',
    },
  ],
  run: async (args, options, io) => (await import('./accept-run.ts')).reportLab(args, options, io),
};

/** `tidewaiter governance accept`. */
export const acceptCommand: CommandSpec = {
  name: 'accept',
  summary: 'Test models of vendors or your own blind on a sealed set',
  ...{ arguments: [], options: [], examples: [] },
  subcommands: [sealCommand, submitCommand, reportCommand],
  run: () => Promise.reject(several('accept')),
};

const model = { name: 'model', summary: 'file or folder of a model' };

/** `tidewaiter governance model`. */
export const modelCommand: CommandSpec = {
  name: 'model',
  summary: 'Look into model files, sign them, and check signatures',
  ...{ arguments: [], options: [], examples: [] },
  subcommands: [
    {
      name: 'scan',
      summary: 'Tell the format of each file, and refuse what could run code, without running anything',
      arguments: [model],
      options: [
        {
          flags: '--allow-domain <name>',
          summary: 'domain of operators that was reviewed',
          repeatable: true,
        },
      ],
      examples: [
        { line: 'tidewaiter governance model scan theirs/', summary: 'exit code 1 when a file is refused' },
      ],
      run: async (args, options, io) => (await import('./accept-model-run.ts')).scan(args, options, io),
    },
    {
      name: 'sign',
      summary: 'Sign all files of a folder, or an ONNX file and its card (OpenSSF Model Signing)',
      arguments: [model],
      options: [
        { flags: '--key <file>', summary: 'private key (PEM, Ed25519 or P-256)' },
        { flags: '-o, --output <file>', summary: 'the signature; FILE.sig or FOLDER/model.sig unless given' },
      ],
      examples: [
        {
          line: 'tidewaiter governance model sign finder.onnx --key vendor.pem',
          summary: 'writes finder.onnx.sig',
        },
      ],
      run: async (args, options, io) => (await import('./accept-model-run.ts')).signFiles(args, options, io),
    },
    {
      name: 'verify',
      summary: 'Check that a model is byte by byte what was signed',
      arguments: [model],
      options: [
        { flags: '--key <file>', summary: 'public key (PEM)' },
        { flags: '--signature <file>', summary: 'the signature; FILE.sig or FOLDER/model.sig unless given' },
      ],
      examples: [
        {
          line: 'tidewaiter governance model verify theirs/ --key vendor-public.pem',
          summary: 'names what differs',
        },
      ],
      run: async (args, options, io) =>
        (await import('./accept-model-run.ts')).verifyFiles(args, options, io),
    },
  ],
  run: () => Promise.reject(several('model')),
};

function several(name: string): TidewaiterError {
  return new TidewaiterError(
    'E_USAGE',
    `tidewaiter governance ${name} is several commands`,
    `See tidewaiter governance ${name} --help.`,
  );
}
