import { randomUUID } from 'node:crypto';
import type { S3Bucket } from './connect.ts';
import { faultOf, s3Error } from './errors.ts';

/** What a look at the bucket found. */
export interface Probed {
  /** The store itself refuses to write over an object when it is asked to. */
  readonly refusesOverwriting: boolean;
  /** It tells of uploads that were never finished, so that the sweep can remove them. */
  readonly listsUnfinished: boolean;
}

/**
 * Writes, reads, lists and deletes a small object of its own, which no list of the vault's objects shows.
 * @throws TidewaiterError see `s3Error`; an `Error` when something else comes back than was written.
 */
export async function probeS3({ client, sdk, bucket: Bucket, prefix }: S3Bucket): Promise<Probed> {
  const object = { Bucket, Key: `${prefix}probe-${randomUUID()}` };
  const write = { ...object, Body: object.Key };
  const without = async (state: number, asking: Promise<unknown>): Promise<boolean> =>
    asking.then(
      () => false,
      (error: unknown) => {
        if (faultOf(error)?.status === state) return true;
        throw error;
      },
    );
  try {
    await client.send(new sdk.PutObjectCommand(write));
    try {
      const { Body } = await client.send(new sdk.GetObjectCommand(object));
      if ((await Body?.transformToString()) !== write.Body)
        throw new Error('The object store changes what it is sent');
      await client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: object.Key }));
      const again = new sdk.PutObjectCommand({ ...write, IfNoneMatch: '*' });
      const refusesOverwriting = await without(412, client.send(again));
      const list = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: object.Key });
      return { refusesOverwriting, listsUnfinished: !(await without(501, client.send(list))) };
    } finally {
      await client.send(new sdk.DeleteObjectCommand(object));
    }
  } catch (error) {
    throw s3Error(error);
  }
}
