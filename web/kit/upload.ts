import { ProblemError, type Problem } from '../../src/client/index.ts';

/** Large enough to be quick, small enough that a broken connection costs little. */
const PIECE_BYTES = 8 * 1024 * 1024;
const STORED = 'tidewaiter-upload:';

export interface UploadOptions {
  readonly caseId: string;
  readonly file: File;
  readonly onProgress: (sent: number) => void;
  /** Aborted to pause; the same file goes on where it was, also after the page was closed. */
  readonly signal: AbortSignal;
}

/**
 * Sends a file in pieces (tus 1.0.0).
 * @returns the id of the asset.
 * @throws ProblemError for what the server refused, TypeError when it cannot be reached.
 */
export async function upload({ caseId, file, onProgress, signal }: UploadOptions): Promise<string> {
  const remembered = `${STORED}${caseId}:${file.name}:${file.size}:${file.lastModified}`;
  const begun = await resumed(localStorage.getItem(remembered), signal);
  const address = begun?.address ?? (await begin(caseId, file, signal));
  let offset = begun?.offset ?? 0;
  localStorage.setItem(remembered, address);
  let asset: string | null = null;
  do {
    onProgress(offset);
    const response = await call(address, {
      method: 'PATCH',
      body: file.slice(offset, offset + PIECE_BYTES),
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
      signal,
    });
    offset = Number(response.headers.get('upload-offset'));
    asset = response.headers.get('tidewaiter-asset');
  } while (asset === null);
  localStorage.removeItem(remembered);
  onProgress(file.size);
  return asset;
}

async function begin(caseId: string, file: File, signal: AbortSignal): Promise<string> {
  const response = await call(`/api/v1/cases/${caseId}/uploads`, {
    method: 'POST',
    headers: { 'upload-length': String(file.size), 'upload-metadata': `filename ${base64(file.name)}` },
    signal,
  });
  const address = response.headers.get('location');
  if (address === null) throw new TypeError('the server did not say where the upload goes');
  return address;
}

/** Where an upload that was begun before goes on; undefined when it is not there any more. */
async function resumed(
  address: string | null,
  signal: AbortSignal,
): Promise<{ address: string; offset: number } | undefined> {
  if (address === null) return undefined;
  const response = await fetch(address, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' }, signal });
  const done = response.headers.get('tidewaiter-asset') !== null;
  if (!response.ok || done) return undefined;
  return { address, offset: Number(response.headers.get('upload-offset')) };
}

async function call(address: string, { headers, ...init }: RequestInit): Promise<Response> {
  const response = await fetch(address, { ...init, headers: { 'tus-resumable': '1.0.0', ...headers } });
  if (response.ok) return response;
  throw new ProblemError((await response.json()) as Problem);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Files of a drop, those in folders too. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  // A folder is read by pieces, until there is nothing more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesOf))).flat());
  }
}
