import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import { lineOf, yamlFault } from '../../core/yaml-file.ts';
import { isSafeToReach } from '../oidc/reach.ts';
import { isNetwork } from '../webhooks/target.ts';

const port = z.int().min(0).max(65_535);

const everything = z.strictObject({
  data: z
    .string()
    .min(1)
    .describe(
      'Folder of database, vault and keys. `~/.tidewaiter` when not set, as root `/var/lib/tidewaiter`.',
    ),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
      port: port.default(8420).describe('Port to listen on; 0 takes a free one.'),
    })
    .prefault({}),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address that people type, when it is not the one listened on: behind a proxy.'),
  tls: z
    .strictObject({
      certificate: z.string().min(1).describe('PEM file, the whole chain.'),
      key: z.string().min(1).describe('PEM file.'),
    })
    .optional()
    .describe('Answer over TLS.'),
  trustProxy: z
    .boolean()
    .default(false)
    .describe(
      'Believe the last address in X-Forwarded-For, as one proxy in front writes it. Nobody else may reach the port then.',
    ),
  database: z
    .strictObject({
      url: z
        .string()
        .refine(
          (url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
          'write postgres://user:password@host:port/name',
        )
        .optional()
        .describe('The agency’s PostgreSQL, version 15 or later. Without it one is run in the data folder.'),
      oldPrograms: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Folder of the programs of an older PostgreSQL that made the data, for the one start that upgrades it. Debian’s are found.',
        ),
      connections: z.int().min(4).max(200).default(20).describe('Most connections of one process.'),
    })
    .prefault({}),
  backups: z
    .strictObject({
      keep: z
        .int()
        .min(0)
        .max(366)
        .default(7)
        .describe(
          'Base backups of our own PostgreSQL that are kept in the data folder, one of each night; 0 makes none by night.',
        ),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      idleMinutes: z
        .number()
        .positive()
        .max(240)
        .default(15)
        .describe('A session that rests for longer is locked.'),
      hours: z.number().positive().max(24).default(12).describe('After this, people sign in again.'),
      banner: z
        .string()
        .max(4000)
        .default(
          'This system is for authorised use only. Use is recorded and may be reviewed. By going on you agree to this.',
        )
        .describe('What people agree to when they sign in.'),
      passkeyAlone: z
        .boolean()
        .default(false)
        .describe(
          'A passkey that checks who holds it (PIN, fingerprint) signs in by itself, without the password.',
        ),
    })
    .prefault({}),
  limits: z
    .strictObject({
      strangers: z
        .int()
        .min(10)
        .max(1_000_000)
        .default(600)
        .describe('Requests in a minute from one address (IPv6: one /64) by whoever has not signed in.'),
      signIns: z
        .int()
        .min(5)
        .max(1_000_000)
        .default(300)
        .describe('Passwords, codes and keys in a minute from one address, whoever gives them.'),
      callers: z
        .int()
        .min(60)
        .max(10_000_000)
        .default(12_000)
        .describe('Requests in a minute with one session or token.'),
    })
    .prefault({}),
  oidc: z
    .strictObject({
      issuer: z
        .string()
        .refine(isSafeToReach, 'write the https address of the provider')
        .describe('Sign in through this OpenID Connect provider too. `publicUrl` must be set.'),
      clientId: z.string().min(1).describe('Name of this server at the provider.'),
      clientSecretFile: z
        .string()
        .min(1)
        .optional()
        .describe('File that holds the secret of this server at the provider. Not set for a public client.'),
      requiredAcr: z
        .array(z.string().regex(/^[!-~]+$/, 'no spaces'))
        .min(1)
        .optional()
        .describe(
          'Levels of assurance (`acr`) that count as the second factor. Without any of them, the local one is asked for.',
        ),
      createPeople: z
        .boolean()
        .default(false)
        .describe('Make an account, without roles, for whoever the provider knows.'),
    })
    .optional(),
  cryptography: z
    .enum(['default', 'fips'])
    .default('default')
    .describe(
      '`fips` hashes passwords with PBKDF2 instead of Argon2id, takes authenticator apps with SHA-256 only, and makes keys that sign, of the installation and of who redacts, for ECDSA (P-256) instead of Ed25519.',
    ),
  uploads: z
    .strictObject({
      largestGigabytes: z.number().positive().max(1000).default(50).describe('Larger files are refused.'),
    })
    .prefault({}),
  objects: z
    .strictObject({
      s3: z
        .strictObject({
          bucket: z
            .string()
            .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a name of a bucket')
            .describe('Keep the vault in this bucket of an S3 store, instead of in the data folder.'),
          endpoint: z
            .url({ protocol: /^https?$/ })
            .optional()
            .describe('Address of the store. Without it, that of AWS for the region.'),
          region: z.string().min(1).default('us-east-1').describe('Region of the bucket.'),
          prefix: z
            .string()
            .regex(/^([\w.-]+\/)*$/, 'end it with a slash')
            .default('')
            .describe('What the names of all objects begin with: `tidewaiter/`.'),
          pathStyle: z
            .boolean()
            .optional()
            .describe(
              'Whether the bucket stands in the path of an address instead of its host. When not set: yes if there is an `endpoint`.',
            ),
          credentialsFile: z
            .string()
            .min(1)
            .optional()
            .describe(
              'File with `aws_access_key_id` and `aws_secret_access_key`, closed to others. Without it, the variables of these names in capitals.',
            ),
          machineRole: z
            .boolean()
            .default(false)
            .describe(
              'Ask the cloud for credentials instead: its metadata address is contacted then, and only then.',
            ),
        })
        .optional(),
    })
    .prefault({}),
  webhooks: z
    .strictObject({
      networks: z
        .array(z.string().refine(isNetwork, 'write a network as 10.1.2.0/24 or fd00::/8'))
        .optional()
        .describe('Networks of the agency that webhooks may lead into, beside the Internet: `10.1.2.0/24`.'),
    })
    .prefault({}),
  governance: z
    .enum(['evaluation', 'enforced'])
    .default('evaluation')
    .describe(
      '`enforced` runs models under permits of the agency only. `evaluation` runs them all and stamps what they made, until the offices sign the first use; then it is enforced whatever stands here.',
    ),
  policies: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Policy files of the agency, judged beside the built-in ones wherever a use is registered, a permit issued or a document written.',
    ),
  cameras: z
    .strictObject({
      elsewhere: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Sites whose cameras only a `tidewaiter worker --cameras` beside them watches, never this process.',
        ),
    })
    .prefault({}),
  ledger: z
    .strictObject({
      witness: z
        .string()
        .min(1)
        .optional()
        .describe(
          'File that each signed head of the ledger is written behind: on a disk or share that whoever runs the database cannot change.',
        ),
    })
    .prefault({}),
  jobs: z
    .strictObject({
      redaction: z.int().min(0).max(64).default(1).describe('Redactions that one process does at a time.'),
      stopSeconds: z
        .int()
        .min(0)
        .max(3600)
        .default(20)
        .describe('Time that running jobs get when the server stops.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('What is logged.'),
      refusalDays: z
        .int()
        .min(1)
        .max(3650)
        .default(365)
        .describe('Days for which refused sign-ins and requests are kept for supervisors.'),
      syslog: z
        .strictObject({
          url: z
            .string()
            .regex(
              /^(udp|tcp|tls):\/\/[^\s/?#@]+$/,
              'write udp://host:514, tcp://host:601 or tls://host:6514',
            )
            .describe(
              'Send the log to this receiver too, by RFC 5424: `tls://siem.example:6514`, `tcp://...`, `udp://...`.',
            ),
          ca: z
            .string()
            .min(1)
            .optional()
            .describe('PEM file of who signs its certificate. The system’s authorities when not set.'),
          certificate: z
            .string()
            .min(1)
            .optional()
            .describe('PEM file: our certificate, where it asks for one.'),
          key: z.string().min(1).optional().describe('PEM file: the key of that certificate.'),
        })
        .optional(),
    })
    .prefault({}),
});

/** Everything that can be set, with what holds when it is not. docs/settings.md is made from the descriptions. */
export const settingsSchema = everything.refine(
  ({ oidc, publicUrl }) => oidc === undefined || publicUrl !== undefined,
  { path: ['publicUrl'], message: 'needed for oidc: the provider sends people back to it' },
);
export type Settings = z.output<typeof settingsSchema>;

/** Variables that stand above the file. */
export const variables: Readonly<Record<string, readonly string[]>> = {
  TIDEWAITER_DATA: ['data'],
  TIDEWAITER_HOST: ['listen', 'host'],
  TIDEWAITER_PORT: ['listen', 'port'],
  TIDEWAITER_DATABASE_URL: ['database', 'url'],
  TIDEWAITER_OLD_POSTGRES: ['database', 'oldPrograms'],
  TIDEWAITER_PUBLIC_URL: ['publicUrl'],
  TIDEWAITER_CRYPTOGRAPHY: ['cryptography'],
  TIDEWAITER_LOG_LEVEL: ['log', 'level'],
  TIDEWAITER_S3_BUCKET: ['objects', 's3', 'bucket'],
  TIDEWAITER_S3_ENDPOINT: ['objects', 's3', 'endpoint'],
  TIDEWAITER_S3_REGION: ['objects', 's3', 'region'],
  TIDEWAITER_S3_PREFIX: ['objects', 's3', 'prefix'],
  TIDEWAITER_S3_CREDENTIALS_FILE: ['objects', 's3', 'credentialsFile'],
};

/**
 * Reads settings: the file that `TIDEWAITER_SETTINGS` names, or `tidewaiter.yaml` in the working folder if it is there; above
 * it the environment.
 * @throws TidewaiterError `E_SETTINGS` naming the key, and the line or the variable it stands in.
 */
export async function readSettings(environment: NodeJS.ProcessEnv, folder: string): Promise<Settings> {
  const named = environment['TIDEWAITER_SETTINGS'];
  const path = resolve(folder, named ?? 'tidewaiter.yaml');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (named === undefined && systemCode(error) === 'ENOENT') return '';
    throw new TidewaiterError(
      'E_SETTINGS',
      `The settings in ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Name another file in TIDEWAITER_SETTINGS, or leave it out.',
    );
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line } = lines.linePos(fault.pos[0]);
    throw wrong(`${path}, line ${line}`, yamlFault(fault));
  }
  const values = record(contentOf(document, path) ?? {}, path);
  const fromVariables = new Map<string, string>();
  for (const [name, keys] of Object.entries(variables)) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    place(values, keys, keys.at(-1) === 'port' && /^\d+$/.test(value) ? Number(value) : value);
    fromVariables.set(keys.join('.'), name);
  }
  const { data } = values;
  // Empty is no folder, and what is no text is not one either: the schema says so.
  if (typeof data === 'string' && data !== '') values['data'] = resolve(folder, data);
  else values['data'] ??= usualFolder();
  const parsed = check(settingsSchema, values);
  if (parsed.success) return parsed.data;
  const misfit = misfitOf(parsed.error);
  const line = lineOf(document, lines, misfit.path);
  const where = fromVariables.get(misfit.place) ?? `${path}${line === undefined ? '' : `, line ${line}`}`;
  throw wrong(where, `${misfit.place}: ${misfit.unknownKey ? 'there is no such setting' : misfit.what}`);
}

/** Aliases that lead nowhere, or that blow up. */
function contentOf(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw wrong(path, error instanceof Error ? error.message : 'it cannot be read');
  }
}

/** The home of root is closed to the database's own user. */
function usualFolder(): string {
  return process.getuid?.() === 0 ? '/var/lib/tidewaiter' : join(homedir(), '.tidewaiter');
}

function wrong(where: string, what: string): TidewaiterError {
  return new TidewaiterError('E_SETTINGS', `${where}: ${what}`, 'See docs/settings.md for what can be set.');
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw wrong(path, 'it must hold keys and values');
}

function place(values: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) {
    values[key] = value;
    return;
  }
  const inner = values[key];
  const next = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  values[key] = next;
  place(next, rest, value);
}
