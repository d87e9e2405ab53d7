import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidewaiterError } from '../../../core/errors.ts';
import type { ObjectStore } from '../object-store.ts';
import type { S3Bucket } from './connect.ts';
import { faultOf, s3Error, UNREACHABLE } from './errors.ts';

type Range = Parameters<ObjectStore['open']>[1];

/** Tries to go on with an answer that broke off, since the last byte that came. */
const RESUMES = 5;

interface Answer {
  readonly body: Readable;
  readonly etag: string | undefined;
}

/**
 * Bytes of an object as they come. When the connection breaks, the rest is asked for.
 * @throws TidewaiterError see `s3Error`; the stream fails with the same.
 */
export async function readObject(s3: S3Bucket, name: string, range: Range): Promise<Readable | undefined> {
  const first = await ask(s3, name, range);
  if (first === undefined) return undefined;
  const stream = Readable.from(resumed(s3, name, range, first), { objectMode: false });
  // Who gives up before the first read never starts the generator, which then closes nothing.
  stream.once('close', () => first.body.destroy());
  return stream;
}

async function* resumed(
  s3: S3Bucket,
  name: string,
  { start, end }: Range,
  first: Answer,
): AsyncGenerator<Buffer> {
  let answer: Answer | undefined = first;
  let at = start;
  let fault: unknown;
  for (let failures = 0; at !== end;) {
    try {
      answer ??= await ask(s3, name, { start: at, ...(end === undefined ? {} : { end }) }, first.etag);
      if (answer === undefined) throw s3Error(fault);
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        at += piece.length;
        failures = 0;
        yield piece;
      }
      return;
    } catch (error) {
      fault = s3Error(error);
      failures += 1;
      if (failures > RESUMES || !(fault instanceof TidewaiterError && fault.code === UNREACHABLE))
        throw fault;
      answer = undefined;
      await sleep(100 * 2 ** failures);
    }
  }
}

/** Undefined when there is no such object; nothing comes from beyond its end. */
async function ask(
  s3: S3Bucket,
  name: string,
  { start, end }: Range,
  etag?: string,
): Promise<Answer | undefined> {
  try {
    const { Body, ETag } = await s3.client.send(
      new s3.sdk.GetObjectCommand({
        Bucket: s3.bucket,
        Key: s3.prefix + name,
        Range: `bytes=${start}-${end === undefined ? '' : end - 1}`,
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }),
    );
    if (!(Body instanceof Readable)) throw new TypeError('the object store answered without a stream');
    return { body: Body, etag: ETag };
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.name === 'NoSuchKey') return undefined;
    if (fault?.status === 416) return { body: Readable.from([]), etag: undefined };
    throw s3Error(error);
  }
}
