import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { platformSchema } from '../../../src/platform/migrations/index.ts';
import { createPerson } from '../../../src/platform/people/accounts.ts';
import { grantRole } from '../../../src/platform/people/grants.ts';
import { scopes, type Role, type Scope } from '../../../src/platform/people/roles.ts';
import { createToken } from '../../../src/platform/people/tokens.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { settingsSchema } from '../../../src/platform/settings/settings.ts';
import { createApp } from '../../../src/server/app.ts';
import { openPlatform } from '../../../src/server/open-platform.ts';
import { startTestServer } from '../postgres.ts';

/** The whole platform in this process, on a database of its own, with its API on loopback. */
export interface Office {
  readonly platform: Platform;
  readonly port: number;
  /** @returns the token of a new person with a role at a site. */
  person(role: Role, site: string, allowed?: readonly Scope[]): Promise<string>;
  /** @returns the id of a new case at a site. */
  newCase(site: string): Promise<string>;
  /** Names of all files in the vault's folder. */
  vaultFiles(): string[];
  stop(): Promise<void>;
}

/** Stopped and removed after the tests of the file; its sites are `pier` and `quay`. */
export async function openOffice(chosen: {
  readonly uploads?: { readonly largestGigabytes: number };
  readonly webhooks?: { readonly networks: readonly string[] };
}): Promise<Office> {
  const server = await startTestServer();
  const { connection } = await server.database(platformSchema);
  const data = mkdtempSync(join(tmpdir(), 'tidewaiter-office-'));
  const url = `postgres://${connection.user}@${encodeURIComponent(connection.host)}:${connection.port}/${connection.database}`;
  const settings = settingsSchema.parse({ data, database: { url }, ...chosen });
  const fail = (error: unknown): never => {
    throw error;
  };
  const platform = await openPlatform({
    settings,
    database: 'run',
    log: () => undefined,
    onFailed: fail,
  });
  const app = await createApp(platform, () => undefined);
  await app.listen({ host: '127.0.0.1', port: 0 });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      await app.close();
      await platform.close();
    })());
  after(async () => {
    await stop();
    rmSync(data, { recursive: true, force: true });
  });
  const { db, people } = platform;
  for (const id of ['pier', 'quay'])
    await db.insertInto('sites').values({ id, name: id, time_zone: 'UTC' }).execute();
  const now = new Date();
  return {
    platform,
    port: (app.server.address() as AddressInfo).port,
    person: async (role, site, allowed = scopes) => {
      const login = `p${randomUUID()}`;
      const person = { login, name: 'Somebody', password: 'seven tides at the quiet pier' };
      const personId = await createPerson(db, people, { person, now });
      await grantRole(db, { personId, grant: { role, site }, now });
      const expiresAt = new Date(now.getTime() + 3_600_000);
      const { token } = await createToken(db, {
        personId,
        name: 'test',
        scopes: [...allowed],
        expiresAt,
        now,
      });
      return token;
    },
    newCase: async (site) => {
      const id = randomUUID();
      await db
        .insertInto('cases')
        .values({ id, site_id: site, use: 'test', title: 'A case', owner_id: randomUUID(), state: 'open' })
        .execute();
      return id;
    },
    vaultFiles: () => filesBelow(join(data, 'vault')),
    stop,
  };
}

function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** What came back. */
export interface Told {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Talks the upload protocol as one person. */
export class Sender {
  readonly #port: number;
  readonly #token: string;

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  /** A request whose body the caller writes. */
  open(method: string, path: string, headers: Record<string, string | number> = {}): ClientRequest {
    return request({
      host: '127.0.0.1',
      port: this.#port,
      method,
      path,
      agent: false,
      headers: { authorization: `Bearer ${this.#token}`, 'tus-resumable': '1.0.0', ...headers },
    });
  }

  async call(
    method: string,
    path: string,
    headers: Record<string, string | number> = {},
    body?: Uint8Array,
  ): Promise<Told> {
    const sent = this.open(method, path, {
      ...(body === undefined ? {} : { 'content-length': body.length }),
      ...headers,
    });
    const told = answer(sent);
    sent.end(body);
    return told;
  }

  /** @returns the address of a new upload. */
  async begin(caseId: string, length: number, name = 'clip.mp4'): Promise<string> {
    const told = await this.call('POST', `/api/v1/cases/${caseId}/uploads`, {
      'upload-length': length,
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    });
    if (told.status !== 201) throw new Error(`${told.status}: ${told.text}`);
    return told.headers.location ?? '';
  }

  async piece(path: string, offset: number, body: Uint8Array): Promise<Told> {
    return this.call('PATCH', path, pieceHeaders(offset), body);
  }
}

export function pieceHeaders(offset: number): Record<string, string | number> {
  return { 'content-type': 'application/offset+octet-stream', 'upload-offset': offset };
}

export async function answer(sent: ClientRequest): Promise<Told> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
  });
}
