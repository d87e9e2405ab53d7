import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandSpec } from '../../core/command.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { parseVerifyKey } from '../../core/signing-key.ts';
import { isIntact, verifyFolder, verifyTargets, type VerifiedFolder } from './record/verify.ts';

const schema = z.object({ key: z.array(z.string()).optional() });

export const verify: CommandSpec = {
  name: 'verify',
  summary: 'Check that outputs, records and their chain are as they were sealed',
  arguments: [{ name: 'files', summary: 'outputs, records or folders', variadic: true }],
  options: [
    {
      flags: '--key <file>',
      summary: 'public key (PEM) of who must have signed; see tidewaiter keys --public',
      repeatable: true,
    },
  ],
  examples: [
    { line: 'tidewaiter verify out/ --key clerk.pem', summary: 'a folder and all that is below it' },
    { line: 'tidewaiter verify out/clip.redacted.mp4', summary: 'one output, without asking who signed' },
  ],
  async run(files, given, io) {
    const { key } = parseOptions(schema, given);
    const keys = key === undefined ? undefined : await Promise.all(key.map(readKey));
    const folders: VerifiedFolder[] = [];
    for (const [folder, names] of await verifyTargets(files)) {
      io.signal.throwIfAborted();
      const verified = await verifyFolder(folder, keys, names);
      folders.push(verified);
      await (io.json ? emitFolder(verified, io) : io.stdout.write(folderText(verified)));
    }
    await conclude(folders, keys !== undefined, io);
    return folders.every(isIntact) ? exitCode.done : exitCode.attention;
  },
};

async function readKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_VERIFY_KEY',
      `The key ${path} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Give the path of a public key in PEM form.',
    );
  });
  return parseVerifyKey(pem, path);
}

async function emitFolder({ folder, chain, items }: VerifiedFolder, io: CommandIo): Promise<void> {
  await io.emit('chain', { folder, ...chain });
  for (const item of items) await io.emit('file', { folder, ...item });
}

function folderText({ folder, chain, items }: VerifiedFolder): string {
  const count = `${chain.lines} ${chain.lines === 1 ? 'line' : 'lines'}`;
  const lines = [
    `${folder}: the chain (${count}) is ${chain.sound ? 'sound' : 'NOT SOUND'}`,
    ...chain.problems.map((problem) => `  ${problem}`),
    ...chain.signers.map((fingerprint) => `  signed by ${fingerprint}`),
    ...items.flatMap(({ state, file, sealed, problems }) => [
      `  ${state === 'intact' ? 'intact  ' : state.toUpperCase().padEnd(8)}  ${join(folder, file)}${sealed === undefined ? '' : `  (line ${sealed.line}, ${sealed.time})`}`,
      ...problems.map((problem) => `            ${problem}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

async function conclude(
  folders: readonly VerifiedFolder[],
  signerKnown: boolean,
  io: CommandIo,
): Promise<void> {
  const states = folders.flatMap(({ items }) => items.map(({ state }) => state));
  const count = (state: string): number => states.filter((one) => one === state).length;
  const totals = { intact: count('intact'), altered: count('altered'), unsealed: count('unsealed') };
  const sound = folders.every(({ chain }) => chain.sound);
  if (io.json) {
    await io.emit('result', { ...totals, chainsSound: sound, signerKnown });
    return;
  }
  await io.stdout.write(`${totals.intact} intact, ${totals.altered} altered, ${totals.unsealed} unsealed\n`);
  if (signerKnown) return;
  await io.stdout.write(
    'No --key was given: this shows whether anything was changed since it was signed, not who signed it.\n',
  );
}
