import { join } from 'node:path';
import type { Settings } from '../settings/settings.ts';
import { fileStore } from './file-store.ts';
import type { ObjectStore } from './object-store.ts';
import { connectS3, type S3Bucket } from './s3/connect.ts';
import { s3Store } from './s3/s3-store.ts';

/** What a job makes may be larger than what it was made from. */
const ROOM = 2;

/**
 * Where the settings keep objects: in a bucket, or in the folder `vault` of the data folder.
 * @throws TidewaiterError `E_OBJECTS_CREDENTIALS`.
 */
export async function openObjectStore(settings: Settings): Promise<ObjectStore> {
  const bucket = await openBucket(settings);
  return bucket === undefined ? fileStore(join(settings.data, 'vault')) : s3Store(bucket);
}

/** The bucket of the settings, if they name one. @throws TidewaiterError `E_OBJECTS_CREDENTIALS`. */
export async function openBucket({ objects: { s3 }, uploads }: Settings): Promise<S3Bucket | undefined> {
  return s3 === undefined ? undefined : connectS3(s3, ROOM * uploads.largestGigabytes * 1e9);
}
