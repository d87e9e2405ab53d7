import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { z } from 'zod';
import { parseOptions, type CommandIo, type CommandOptions } from '../core/command.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { keyFingerprint, parseVerifyKey } from '../core/signing-key.ts';
import { defaultCacheDir } from '../models/cache.ts';
import { makeBundle } from '../server/bundle/make.ts';
import { verifyBundle } from '../server/bundle/verify.ts';
import { signerOf } from '../uses/redaction/record/own-key.ts';

const options = z.object({ key: z.string().min(1).optional() });

/** Makes a bundle. @throws TidewaiterError what making one throws. */
export async function make(file: string, given: CommandOptions, io: CommandIo): Promise<void> {
  const signer = await signerOf(parseOptions(options, given).key);
  const bundled = await makeBundle({
    file,
    key: signer,
    cacheDir: defaultCacheDir(process.env, homedir()),
    madeAt: new Date(),
    signal: io.signal,
    log: (line) => void io.stderr.write(`${line}\n`),
  });
  const key = keyFingerprint(signer.publicKey);
  if (io.json) return io.emit('result', { file, key, ...bundled });
  await io.stdout.write(
    `${file}: ${bundled.files} files, ${bundled.bytes} bytes, signed by the key ${key}\nSHA-256 of install.sh: ${bundled.installer}\n`,
  );
}

/** Checks a bundle. @throws TidewaiterError `E_BUNDLE_DAMAGED` and what reading it throws. */
export async function check(file: string, given: CommandOptions, io: CommandIo): Promise<void> {
  const { key: path } = parseOptions(options, given);
  if (path === undefined)
    throw new TidewaiterError(
      'E_OPTION',
      '--key is needed with --verify',
      'Give the public key of who made the bundle, and get it by another way than the bundle.',
    );
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_OPTION_FILE',
      `The file ${path} of --key cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name and permissions.',
    );
  });
  const { folder, files } = await verifyBundle(file, parseVerifyKey(pem, path), io.signal);
  if (io.json) return io.emit('result', { file, folder, files });
  await io.stdout.write(`${file}: ${folder}, ${files} files, all as they were signed\n`);
}
