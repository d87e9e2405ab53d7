import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../../core/command.ts';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import { parseVerifyKey } from '../../../core/signing-key.ts';
import { verifyEvidence, type VerifiedEvidence } from './verify.ts';

const schema = z.object({ key: z.string().optional() });

/** Checks a package and says what was found. */
export async function runVerifyEvidence(
  [file = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const { key } = parseOptions(schema, given);
  const found = await verifyEvidence(file, key === undefined ? undefined : await readKey(key));
  if (io.json) await io.emit('result', { file, signerKnown: key !== undefined, ...found });
  else await io.stdout.write(textOf(file, found, key !== undefined));
  return found.intact ? exitCode.done : exitCode.attention;
}

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

function textOf(file: string, found: VerifiedEvidence, signerKnown: boolean): string {
  const { intact, problems, signedBy, about, files, ledger } = found;
  const head = ledger?.head;
  const lines = [
    `${file}: ${intact ? `intact, ${files} files` : 'NOT AS IT WAS SIGNED'}`,
    ...problems.map((problem) => `  ${problem}`),
    ...(about === undefined ? [] : [`  alert ${about.alert} of camera ${about.camera}, ${about.at}`]),
    ...(signedBy === undefined ? [] : [`  signed by ${signedBy}`]),
    ...(head === undefined
      ? []
      : [
          `  ${ledger?.entries} entries proved in the ledger ${head.origin} of ${head.size} entries, ${head.at.toISOString()}, signed by ${head.signedBy}`,
        ]),
    ...(signerKnown
      ? []
      : [
          'No --key was given: this shows whether anything was changed since it was signed, not who signed it.',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
