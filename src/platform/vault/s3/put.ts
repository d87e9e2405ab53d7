import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../../core/errors.ts';
import { inChunks } from '../chunks.ts';
import { MOST_PARTS, type S3Bucket } from './connect.ts';
import { faultOf, s3Error, UNREACHABLE } from './errors.ts';

/** Where an object goes. The mark tells what we wrote from what another wrote under the same name. */
interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly Metadata: { readonly writer: string };
}
interface SentPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

/**
 * Writes an object in parts, one of which is sent while the next is gathered; small ones in one go. Nothing has the name
 * before the store has all of it.
 *
 * It is written once: the store is asked to refuse when the name is taken. Some ignore that, so the name is looked up before,
 * and afterwards that what lies there bears our mark and has the right length; names are random, so nobody else picks one.
 * The same look tells whether it was stored when the answer to that was lost.
 * @throws TidewaiterError `E_VAULT_EXISTS`, `E_TOO_LARGE`, see `s3Error`; what the stream throws. Nothing is left then.
 */
export async function putObject(
  s3: S3Bucket,
  name: string,
  stream: AsyncIterable<Uint8Array>,
): Promise<void> {
  const target: Target = { Bucket: s3.bucket, Key: s3.prefix + name, Metadata: { writer: randomUUID() } };
  if ((await look(s3, target)) !== undefined) throw taken(name);
  const bytes = await send(s3, target, stream);
  const found = await look(s3, target);
  if (found?.writer !== target.Metadata.writer) throw found === undefined ? lost() : taken(name);
  if (found.bytes !== bytes) throw lost();
}

/** @returns how many bytes were sent. */
async function send(s3: S3Bucket, target: Target, stream: AsyncIterable<Uint8Array>): Promise<number> {
  let uploadId: string | undefined;
  let total = 0;
  const parts: SentPart[] = [];
  let sending: Promise<void> = Promise.resolve();
  try {
    for await (const { index, last, bytes } of inChunks(stream, s3.partBytes)) {
      total += bytes.length;
      if (index === MOST_PARTS) throw tooLarge(MOST_PARTS * s3.partBytes);
      if (index === 0 && last) {
        await once(s3, (condition) =>
          s3.client.send(new s3.sdk.PutObjectCommand({ ...target, ...condition, Body: bytes })),
        );
        return total;
      }
      uploadId ??= await begin(s3, target);
      const part = { Bucket: target.Bucket, Key: target.Key, UploadId: uploadId, PartNumber: index + 1 };
      await sending;
      sending = s3.client.send(new s3.sdk.UploadPartCommand({ ...part, Body: bytes })).then(({ ETag }) => {
        parts.push({ PartNumber: part.PartNumber, ETag });
      });
      // It is awaited in its turn; meanwhile nobody listens.
      sending.catch(() => undefined);
    }
    await sending;
    const whole = {
      Bucket: target.Bucket,
      Key: target.Key,
      UploadId: uploadId,
      MultipartUpload: { Parts: parts },
    };
    await once(s3, (condition) =>
      s3.client.send(new s3.sdk.CompleteMultipartUploadCommand({ ...whole, ...condition })),
    );
    return total;
  } catch (error) {
    await sending.catch(() => undefined);
    if (uploadId !== undefined) await abortUpload(s3, target.Key, uploadId).catch(() => undefined);
    throw s3Error(error);
  }
}

async function begin(s3: S3Bucket, target: Target): Promise<string> {
  const { UploadId } = await s3.client.send(new s3.sdk.CreateMultipartUploadCommand(target));
  if (UploadId === undefined) throw new TypeError('the object store began no upload');
  return UploadId;
}

/**
 * Asks that an object be made only where there is none. A try whose answer was lost looks like one that came too late, as the
 * second of them finds the object there, or the upload gone; who it was is found out by looking.
 */
async function once(
  s3: S3Bucket,
  ask: (condition: { readonly IfNoneMatch?: string }) => Promise<unknown>,
): Promise<void> {
  try {
    await ask({ IfNoneMatch: '*' });
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.status === 412 || fault?.name === 'NoSuchUpload') return;
    // A store that knows no conditions may refuse them instead of passing them over.
    if (fault?.status !== 501) throw error;
    await ask({});
  }
}

async function look(
  s3: S3Bucket,
  { Bucket, Key }: Target,
): Promise<{ readonly bytes: number; readonly writer: string | undefined } | undefined> {
  try {
    const { ContentLength = 0, Metadata } = await s3.client.send(
      new s3.sdk.HeadObjectCommand({ Bucket, Key }),
    );
    return { bytes: ContentLength, writer: Metadata?.['writer'] };
  } catch (error) {
    if (faultOf(error)?.status === 404) return undefined;
    throw s3Error(error);
  }
}

/** Removes the parts of an upload that will not be finished. */
export async function abortUpload(s3: S3Bucket, Key: string, UploadId: string): Promise<void> {
  await s3.client.send(new s3.sdk.AbortMultipartUploadCommand({ Bucket: s3.bucket, Key, UploadId }));
}

function taken(name: string): TidewaiterError {
  return new TidewaiterError(
    'E_VAULT_EXISTS',
    `The object store already holds an object ${name}, and objects are never changed`,
    'Store it as a new asset; find out who else writes to the bucket below this prefix.',
  );
}

function lost(): TidewaiterError {
  return new TidewaiterError(
    UNREACHABLE,
    'The object store did not keep what it was sent',
    'Send it again; tidewaiter doctor tells who runs the server more.',
  );
}

function tooLarge(bytes: number): TidewaiterError {
  return new TidewaiterError(
    'E_TOO_LARGE',
    `What was to be stored has more than ${bytes} bytes, which is more than an object may have here`,
    'Raise uploads.largestGigabytes in the settings: the size of the parts of an object follows it.',
  );
}
