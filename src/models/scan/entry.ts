import type { KeyObject } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { TidewaiterError } from '../../core/errors.ts';
import { signaturePath, verifyModel } from './model-signature.ts';
import { scanModel, type FileScan } from './scan.ts';

/**
 * Lets the models of a folder, or one model file, in: looks into every ONNX file, and where a key is given, checks that its
 * holder signed all that lies there.
 * @throws TidewaiterError `E_MODEL_SCAN`, `E_MODEL_SIGNATURE`, each naming the file; `E_NOT_FOUND`.
 */
export async function admitModel(path: string, signedBy?: KeyObject): Promise<void> {
  for (const scan of await scanModel(path)) if (scan.name.endsWith('.onnx')) refuseBad(scan);
  if (signedBy === undefined) return;
  const isFolder = (await lstat(path)).isDirectory();
  const { problems } = await verifyModel(path, signedBy, signaturePath(path, isFolder));
  if (problems.length === 0) return;
  throw new TidewaiterError(
    'E_MODEL_SIGNATURE',
    `${path} is not what was signed: ${problems.join('; ')}`,
    'Get it again from whoever signed it.',
  );
}

function refuseBad({ name, findings }: FileScan): void {
  const error = findings.find(({ level }) => level === 'error');
  if (error === undefined) return;
  throw new TidewaiterError(
    'E_MODEL_SCAN',
    `${name} is not let in: ${error.message}`,
    'Look at it with tidewaiter governance model scan, and ask whoever made it for a plain ONNX file.',
  );
}
