import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that runs s3rver on the loopback, and tells its parent the port. */
export interface ServerTask {
  readonly directory: string;
  readonly bucket: string;
  readonly port: number;
  /** Does what s3rver lacks: refuses to write over an object when asked to, lists and aborts unfinished uploads. */
  readonly complete: boolean;
}

/** What goes wrong in the next so many requests it fits. */
export interface Faults {
  /** Reads whose connection breaks in the middle. */
  cutReads?: number;
  /** Requests that are refused for the moment. */
  refused?: number;
  /** Writes that are carried out, and whose answer is lost. */
  lostAnswers?: number;
}

/** What is used of s3rver, which comes without types. */
interface Rver {
  readonly store: {
    putObject(object: { bucket: string; key: string }): Promise<{ size: number }>;
    putPart(bucket: string, uploadId: string, part: number, content: unknown): Promise<{ size: number }>;
  };
  configureBuckets(): Promise<unknown>;
  callback(): RequestListener;
}
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => Rver;

const { directory, bucket, port, complete } = JSON.parse(process.argv[2] ?? '') as ServerTask;
const faults: Faults = {};
process.on('message', (told) => Object.assign(faults, told));
process.on('disconnect', () => process.exit());

const rver = new S3rver({
  directory,
  silent: true,
  vhostBuckets: false,
  configureBuckets: bucket === '' ? [] : [{ name: bucket }],
});
const uploads = join(directory, bucket, '._S3rver_uploads');
const fileOf = (name: string, key: string): string => join(directory, name, `${key}._S3rver_object`);

// It answers before what it was sent is in its file, so that the next request sees half of it.
const { putObject, putPart } = rver.store;
rver.store.putObject = async (object) => {
  const done = await putObject.call(rver.store, object);
  await hasSize(fileOf(object.bucket, object.key), done.size);
  return done;
};
rver.store.putPart = async (name, id, part, content) => {
  const done = await putPart.call(rver.store, name, id, part, content);
  await hasSize(join(uploads, id, String(part)), done.size);
  return done;
};
async function hasSize(path: string, bytes: number): Promise<void> {
  while (statSync(path).size < bytes) await sleep(1);
}

await rver.configureBuckets();
const handle = rver.callback();
const server = createServer((request, response) => {
  if (takes('refused')) return problem(response, 503, 'SlowDown');
  const writes = request.method === 'PUT' || request.method === 'POST';
  if (request.method === 'GET' && !request.url?.includes('list-type') && takes('cutReads')) cut(response);
  if (writes && takes('lostAnswers')) loseAnswer(response);
  if (complete && answerMissing(request, response)) return;
  handle(request, response);
});
server.listen(port, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

function takes(fault: keyof Faults): boolean {
  const left = faults[fault] ?? 0;
  faults[fault] = left - 1;
  return left > 0;
}

/** Half a megabyte comes, then the connection breaks. */
function cut(response: ServerResponse): void {
  const write = response.write.bind(response);
  let bytes = 0;
  response.write = ((chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > 1 << 19) response.destroy();
    return write(chunk);
  }) as typeof response.write;
}

function loseAnswer(response: ServerResponse): void {
  response.end = (() => response.destroy()) as typeof response.end;
}

/** @returns whether it was answered here. */
function answerMissing(request: IncomingMessage, response: ServerResponse): boolean {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://x');
  const [, , ...names] = decodeURIComponent(pathname).split('/');
  const key = names.join('/');
  const uploadId = query.get('uploadId');
  // s3rver promises a byte of an object that has none.
  const path = fileOf(bucket, key);
  if (request.headers.range !== undefined && existsSync(path) && statSync(path).size === 0)
    return problem(response, 416, 'InvalidRange');
  const [gone, there] = [
    uploadId !== null && !existsSync(join(uploads, uploadId)),
    existsSync(fileOf(bucket, key)),
  ];
  if (gone) return problem(response, 404, 'NoSuchUpload');
  if (request.headers['if-none-match'] === '*' && there && request.method !== 'GET')
    return problem(response, 412, 'PreconditionFailed');
  if (uploadId !== null && request.method === 'DELETE') {
    rmSync(join(uploads, uploadId), { recursive: true });
    response.writeHead(204).end();
    return true;
  }
  if (uploadId !== null && request.method === 'GET') {
    const parts = readdirSync(join(uploads, uploadId)).filter((name) => /^\d+$/.test(name));
    const rows = parts.map(
      (name) => `<Part><PartNumber>${name}</PartNumber>${modified(join(uploads, uploadId, name))}</Part>`,
    );
    return xml(
      response,
      `<ListPartsResult><IsTruncated>false</IsTruncated>${rows.join('')}</ListPartsResult>`,
    );
  }
  if (!query.has('uploads') || request.method !== 'GET') return false;
  const rows = (existsSync(uploads) ? readdirSync(uploads) : []).map((id) => {
    const begun = statSync(join(uploads, id, 'key')).mtime.toISOString();
    const name = readFileSync(join(uploads, id, 'key'), 'utf8');
    return `<Upload><Key>${name}</Key><UploadId>${id}</UploadId><Initiated>${begun}</Initiated></Upload>`;
  });
  return xml(
    response,
    `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${rows.join('')}</ListMultipartUploadsResult>`,
  );
}

function modified(path: string): string {
  return `<LastModified>${statSync(path).mtime.toISOString()}</LastModified>`;
}

function xml(response: ServerResponse, text: string): true {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(text);
  return true;
}

function problem(response: ServerResponse, status: number, code: string): true {
  response
    .writeHead(status, { 'content-type': 'application/xml', connection: 'close' })
    .end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  return true;
}
