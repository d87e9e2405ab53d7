import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { evaluationPermit, signedPermitSchema, type Permit } from '../core/permit.ts';
import { parseVerifyKey } from '../core/signing-key.ts';
import { defaultCacheDir } from '../models/index.ts';
import { admitModel } from '../models/scan/entry.ts';

/** What a worker needs to run models. */
export interface EngineOptions {
  readonly permit: Permit;
  /** PEM of the authority's public key, for signed permits. */
  readonly publicKey?: string;
  readonly cacheDir: string;
  /** Models of the user's own. */
  readonly userDir?: string;
  /** Inference threads. */
  readonly threads: number;
}

/** Options of every command that runs models. */
export const engineSchema = z.object({
  permit: z.string().optional(),
  permitKey: z.string().optional(),
  modelDir: z.string().optional(),
  modelKey: z.string().optional(),
  threads: z.coerce.number().int().min(1).max(64).default(2),
});

/** The same, for people. */
export const engineOptions = [
  {
    flags: '--permit <file>',
    summary: 'signed permit to run the models under; without one the output says EVALUATION',
  },
  { flags: '--permit-key <file>', summary: 'public key (PEM) of the authority that signed the permit' },
  {
    flags: '--model-dir <folder>',
    summary: 'folder with models of your own: card.json files beside ONNX files',
  },
  {
    flags: '--model-key <file>',
    summary: 'public key (PEM) of who must have signed them; TIDEWAITER_MODEL_KEY requires it always',
  },
  { flags: '--threads <n>', summary: 'inference threads', default: '2' },
] as const;

/** @throws TidewaiterError `E_OPTION_FILE`, `E_PERMIT_FORMAT`, and what {@link admitModels} throws. */
export async function engineOf(options: z.infer<typeof engineSchema>): Promise<EngineOptions> {
  await admitModels(options.modelDir, options.modelKey);
  return {
    permit: options.permit === undefined ? evaluationPermit : await permitOf(options.permit),
    ...(options.permitKey === undefined
      ? {}
      : { publicKey: await readOptionFile(options.permitKey, '--permit-key') }),
    cacheDir: defaultCacheDir(process.env, homedir()),
    ...(options.modelDir === undefined ? {} : { userDir: options.modelDir }),
    threads: options.threads,
  };
}

/**
 * Looks at models of the user's own before anything loads them.
 * @param keyFile public key of who must have signed them; `TIDEWAITER_MODEL_KEY` unless given.
 * @throws TidewaiterError `E_OPTION_FILE`, `E_VERIFY_KEY`, `E_MODEL_SCAN`, `E_MODEL_SIGNATURE`, `E_NOT_FOUND`.
 */
export async function admitModels(
  folder: string | undefined,
  keyFile = process.env['TIDEWAITER_MODEL_KEY'],
): Promise<void> {
  if (folder === undefined) return;
  const key =
    keyFile === undefined || keyFile === '' ? undefined : await readOptionFile(keyFile, '--model-key');
  await admitModel(folder, key === undefined ? undefined : parseVerifyKey(key, keyFile ?? ''));
}

async function permitOf(path: string): Promise<Permit> {
  const text = await readOptionFile(path, '--permit');
  try {
    return signedPermitSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new TidewaiterError(
      'E_PERMIT_FORMAT',
      `${path} is not a signed permit`,
      'Ask its issuer for a new one.',
      {
        cause: error,
      },
    );
  }
}

/**
 * Text of a file that an option names.
 * @throws TidewaiterError `E_OPTION_FILE`.
 */
export async function readOptionFile(path: string, flag: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_OPTION_FILE',
      `The file ${path} of ${flag} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name and permissions.',
    );
  });
}
