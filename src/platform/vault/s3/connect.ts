import type * as Sdk from '@aws-sdk/client-s3';
import type { Settings } from '../../settings/settings.ts';
import { readCredentials } from './credentials.ts';

export type S3Settings = NonNullable<Settings['objects']['s3']>;

/** A bucket, and how to speak to it. */
export interface S3Bucket {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.S3Client;
  readonly bucket: string;
  /** What all keys begin with. */
  readonly prefix: string;
  /** Bytes of a part of a large object. */
  readonly partBytes: number;
}

const MIB = 1 << 20;
/** S3 takes no more parts of one object. */
export const MOST_PARTS = 10_000;
/** The first try and four more, with growing pauses: it forgives about two seconds. */
const TRIES = 5;
const CONNECT_MS = 5000;
const SILENCE_MS = 60_000;

/**
 * Makes ready to speak to the bucket of the settings; nothing is asked yet. The machine's metadata address is asked for
 * credentials only where the settings say so.
 * @param largestBytes what is to fit into one object.
 * @throws TidewaiterError `E_OBJECTS_CREDENTIALS`.
 */
export async function connectS3(
  { endpoint, region, bucket, prefix, pathStyle, credentialsFile, machineRole }: S3Settings,
  largestBytes: number,
): Promise<S3Bucket> {
  const credentials = () => readCredentials(credentialsFile, process.env);
  if (!machineRole) await credentials();
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(machineRole ? {} : { credentials }),
    forcePathStyle: pathStyle ?? endpoint !== undefined,
    // What is not said here must not come from files and variables that were meant for other programs.
    ignoreConfiguredEndpointUrls: true,
    defaultsMode: 'standard',
    retryMode: 'standard',
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    // Requests are signed over the SHA-256 of their content, and objects verify by themselves; older servers refuse more.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client, bucket, prefix, partBytes: partBytesFor(largestBytes) };
}

/** Parts as small as the number of them allows, and no smaller than 8 MiB: each open upload holds two. */
export function partBytesFor(largestBytes: number): number {
  return Math.max(8, Math.ceil(largestBytes / MOST_PARTS / MIB)) * MIB;
}
