import { readFile, stat } from 'node:fs/promises';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';

/** Who asks the object store. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** They are read again after this. */
  readonly expiration?: Date;
}

/** A file is read again after this time, so that new keys need no new start. */
const FILE_SECONDS = 300;

/**
 * Credentials in a file, in the format of the AWS tools (`aws_access_key_id = ...`; headings are passed over), or else in the
 * variables that these tools know.
 * @throws TidewaiterError `E_OBJECTS_CREDENTIALS` when there are none, or others may read the file.
 */
export async function readCredentials(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<S3Credentials> {
  if (file === undefined) {
    const found = credentials((name) => environment[name.toUpperCase()]);
    if (found !== undefined) return found;
    throw noCredentials('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
  }
  const lines = (await readClosed(file)).split(/\r?\n/).map((line) => /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line));
  const found = credentials((name) => lines.find((line) => line?.[1] === name)?.[2]);
  if (found === undefined) throw noCredentials(`${file} lacks aws_access_key_id or aws_secret_access_key`);
  return { ...found, expiration: new Date(Date.now() + FILE_SECONDS * 1000) };
}

function credentials(value: (name: string) => string | undefined): S3Credentials | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = [
    value('aws_access_key_id'),
    value('aws_secret_access_key'),
    value('aws_session_token'),
  ].map((text) => (text === '' ? undefined : text));
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** A file that nobody else may read. */
async function readClosed(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) === 0) return await readFile(file, 'utf8');
  } catch (error) {
    throw noCredentials(`${file} cannot be read (${systemCode(error) ?? 'unknown reason'})`);
  }
  throw new TidewaiterError(
    'E_OBJECTS_CREDENTIALS',
    `Others may read the credentials of the object store in ${file}`,
    `Close it: chmod 600 ${file}`,
  );
}

function noCredentials(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_OBJECTS_CREDENTIALS',
    `There are no credentials for the object store: ${what}`,
    'Set both variables, or name a file that holds them in objects.s3.credentialsFile.',
  );
}
