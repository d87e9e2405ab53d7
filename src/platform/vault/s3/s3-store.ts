import { createReadStream } from 'node:fs';
import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import { TidewaiterError } from '../../../core/errors.ts';
import { isObjectName, type ObjectStore, type StoredObject } from '../object-store.ts';
import type { S3Bucket } from './connect.ts';
import { faultOf, s3Error } from './errors.ts';
import { abortUpload, putObject } from './put.ts';
import { readObject } from './read.ts';

/** Objects in a bucket, under `PREFIX` and their names. Every error is one of `s3Error`. */
export function s3Store(s3: S3Bucket): ObjectStore {
  const { client, sdk, bucket: Bucket, prefix } = s3;

  return {
    put: (name, stream) => {
      checkName(name);
      return putObject(s3, name, stream);
    },

    adopt: async (name, path) => {
      checkName(name);
      try {
        await putObject(s3, name, createReadStream(path, { highWaterMark: 1 << 20 }));
      } catch (error) {
        // Names are random and an object has its name only when it is whole: it was taken in before.
        if (!(error instanceof TidewaiterError && error.code === 'E_VAULT_EXISTS')) throw error;
      }
    },

    open: (name, range) => {
      checkName(name);
      const { start, end } = range;
      if (end !== undefined && end <= start) throw new RangeError('an empty range of an object');
      return readObject(s3, name, range);
    },

    delete: async (name) => {
      checkName(name);
      try {
        await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: prefix + name }));
      } catch (error) {
        throw s3Error(error);
      }
    },

    list: () => listObjects(s3),

    removeUnfinished: async (before) => {
      let removed = 0;
      try {
        for await (const { key, uploadId } of unfinished(s3, before)) {
          await abortUpload(s3, key, uploadId);
          removed += 1;
        }
      } catch (error) {
        // A store that cannot list them has to be told by a rule of its own to remove them.
        if (faultOf(error)?.status !== 501) throw s3Error(error);
      }
      return removed;
    },
  };
}

function checkName(name: string): void {
  if (!isObjectName(name)) throw new RangeError(`${name} is no name of an object`);
}

async function* listObjects({ client, sdk, bucket: Bucket, prefix }: S3Bucket): AsyncGenerator<StoredObject> {
  try {
    for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
      for (const { Key = '', LastModified } of Contents) {
        const name = Key.slice(prefix.length);
        if (isObjectName(name) && LastModified !== undefined) yield { name, writtenAt: LastModified };
      }
    }
  } catch (error) {
    throw s3Error(error);
  }
}

/** Uploads of objects of ours that nothing was added to since. */
async function* unfinished(
  { client, sdk, bucket: Bucket, prefix }: S3Bucket,
  before: Date,
): AsyncGenerator<{ readonly key: string; readonly uploadId: string }> {
  for (let from: Markers | undefined = {}; from !== undefined;) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: prefix, ...from }),
    );
    const { Uploads = [], IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    for (const { Key: key = '', UploadId: uploadId = '', Initiated } of Uploads) {
      if (!isObjectName(key.slice(prefix.length)) || Initiated === undefined || Initiated >= before) continue;
      let touched = false;
      const parts = { Bucket, Key: key, UploadId: uploadId };
      for await (const { Parts = [] } of sdk.paginateListParts({ client }, parts))
        touched ||= Parts.some(({ LastModified }) => LastModified !== undefined && LastModified >= before);
      if (!touched) yield { key, uploadId };
    }
    from = IsTruncated === true ? markers(NextKeyMarker, NextUploadIdMarker) : undefined;
  }
}

interface Markers {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

function markers(key?: string, uploadId?: string): Markers {
  return {
    ...(key === undefined ? {} : { KeyMarker: key }),
    ...(uploadId === undefined ? {} : { UploadIdMarker: uploadId }),
  };
}
