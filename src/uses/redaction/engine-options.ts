import { homedir } from 'node:os';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { evaluationPermit, signedPermitSchema, type Permit } from '../../core/permit.ts';
import { defaultCacheDir } from '../../models/index.ts';
import type { EngineOptions } from './engine.ts';
import { readOptionFile } from './parse-options.ts';

/** Options of every command that runs models. */
export const engineSchema = z.object({
  permit: z.string().optional(),
  permitKey: z.string().optional(),
  modelDir: z.string().optional(),
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
  { flags: '--threads <n>', summary: 'inference threads', default: '2' },
] as const;

/** @throws TidewaiterError `E_OPTION_FILE`, `E_PERMIT_FORMAT`. */
export async function engineOf(options: z.infer<typeof engineSchema>): Promise<EngineOptions> {
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
