import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ProblemError } from '../../../client/index.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import type { ReportProgress } from '../../../core/progress.ts';
import type { Talk } from './talk.ts';

const PIECE_BYTES = 8 * 2 ** 20;
const PIECE_MS = 120_000;
const ASK_MS = 70_000;
/** A platform that lost an upload, as after it was restored from a backup, gets it anew; one that does so again and again is not waited for. */
const MOST_TRIES = 5;

const tus = { 'tus-resumable': '1.0.0' };

/**
 * Sends a file into a case in pieces (tus, docs/uploads.md), going on where a broken connection left off.
 * @returns the id of the asset.
 */
export async function upload(
  talk: Talk,
  { caseId, input, onProgress }: { caseId: string; input: string; onProgress?: ReportProgress },
): Promise<string> {
  const { size } = await stat(input);
  const file = await open(input);
  let id: string | undefined;
  let [offset, sure, tries] = [0, true, 0];
  const step = async (alive: () => void): Promise<void> => {
    if (id !== undefined && !sure) {
      const stands = await offsetOf(talk, id, size);
      if (stands === undefined) id = undefined;
      else {
        if (stands > offset) alive();
        offset = stands;
      }
    }
    sure = false;
    if (id === undefined) {
      if (++tries > MOST_TRIES)
        throw new TidewaiterError(
          'E_PLATFORM_GONE',
          `The platform lost the upload of ${input} ${MOST_TRIES} times`,
          'See in its log why it restarts, and start again.',
        );
      [id, offset] = [await begin(talk, caseId, input, size), 0];
    }
    if (offset < size) offset = await send(talk, id, offset, await piece(file, offset, size));
    sure = true;
    onProgress?.({ stage: 'upload', done: offset, total: size, unit: 'bytes' });
  };
  try {
    do await talk.persist(step);
    while (id === undefined || offset < size);
    return id;
  } catch (error) {
    if (id !== undefined) await giveUp(talk, id);
    throw error;
  } finally {
    await file.close();
  }
}

async function begin(talk: Talk, caseId: string, input: string, size: number): Promise<string> {
  const { headers } = await talk.raw(`/cases/${caseId}/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': String(size),
      'upload-metadata': `filename ${Buffer.from(basename(input)).toString('base64')}`,
    },
    signal: talk.until(ASK_MS),
  });
  const id = headers.get('location')?.split('/').at(-1);
  if (id === undefined) throw new TypeError('the platform began an upload and did not say where');
  return id;
}

async function send(talk: Talk, id: string, offset: number, body: Uint8Array<ArrayBuffer>): Promise<number> {
  const { headers } = await talk.raw(`/uploads/${id}`, {
    method: 'PATCH',
    headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body,
    signal: talk.until(PIECE_MS),
  });
  return Number(headers.get('upload-offset'));
}

/** How far an upload is; undefined when the platform knows nothing of it any more. */
async function offsetOf(talk: Talk, id: string, size: number): Promise<number | undefined> {
  const signal = talk.until(ASK_MS);
  const { headers, status } = await talk.raw(`/uploads/${id}`, { method: 'HEAD', headers: tus, signal });
  if (status === 200) return Number(headers.get('upload-offset'));
  // An hour after it was whole the platform knows the asset, and the upload no more.
  return talk.once('getAsset', { params: { id } }).then(
    () => size,
    (error: unknown) => {
      if (error instanceof ProblemError && error.problem.status === 404) return undefined;
      throw error;
    },
  );
}

async function piece(file: FileHandle, offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.min(PIECE_BYTES, size - offset));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
  if (bytesRead === bytes.length) return bytes;
  throw new TidewaiterError(
    'E_TRUNCATED',
    'The file became shorter while it was sent',
    'Wait until it is written to its end, and start again.',
  );
}

/** Nothing of what was sent is kept; when the platform cannot be told, it ends the upload by itself after a day. */
async function giveUp(talk: Talk, id: string): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  await talk.raw(`/uploads/${id}`, { method: 'DELETE', headers: tus, signal }).catch(() => undefined);
}
