import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { sha256 } from '../../../src/core/digest.ts';
import type { Role, Scope } from '../../../src/platform/people/roles.ts';
import { createToken } from '../../../src/platform/people/tokens.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { readSettings, type Settings } from '../../../src/platform/settings/settings.ts';
import { createApp } from '../../../src/server/app.ts';
import { openPlatform } from '../../../src/server/open-platform.ts';
import { startTestServer } from '../postgres.ts';
import { newDataFolder, removeDataFolder } from '../serving.ts';
import { newWatchThings, type WatchThings } from './watch-things.ts';

/** The API in the test's own process, over a real database and vault, with two sites `pier` and `quay`. It takes up no jobs. */
export interface House {
  readonly url: string;
  readonly port: number;
  readonly platform: Platform;
  readonly app: Awaited<ReturnType<typeof createApp>>;
  /** Lines of the log: all that was ours to mend. */
  readonly log: readonly string[];
  /** What the server takes for now is this much later. */
  clock: { laterMs: number };
}

export interface HouseOptions {
  readonly settings?: (settings: Settings) => Settings;
  readonly idleMs?: number;
}

/** @param options what differs from what is usual. */
export async function openHouse({
  settings: change = (same) => same,
  idleMs,
}: HouseOptions = {}): Promise<House> {
  const data = newDataFolder();
  after(() => removeDataFolder(data));
  const { connection } = await (await startTestServer()).database([]);
  const { user, host, port, database } = connection;
  const databaseUrl = `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
  const read = await readSettings({ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: databaseUrl }, data);
  const settings = change({ ...read, jobs: { ...read.jobs, stopSeconds: 0 } });
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const opened = await openPlatform({ settings, database: 'run', log, onFailed: () => undefined });
  const clock = { laterMs: 0 };
  const platform = { ...opened, now: () => new Date(Date.now() + clock.laterMs) };
  const app = await createApp(platform, log, idleMs === undefined ? {} : { idleMs });
  await app.listen({ host: '127.0.0.1', port: 0 });
  after(async () => {
    app.server.closeAllConnections();
    await app.close();
    await opened.close();
  });
  for (const id of ['pier', 'quay'])
    await opened.db.insertInto('sites').values({ id, name: id, time_zone: 'UTC' }).execute();
  lines.length = 0;
  const { port: listening } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${listening}`, port: listening, platform, app, log: lines, clock };
}

/** Somebody with an account, as rows: what signing in takes is tested elsewhere. */
export async function newPerson(
  { platform: { db } }: House,
  grants: readonly { readonly site: string; readonly role: Role }[],
): Promise<string> {
  const id = randomUUID();
  const person = { id, login: `p${randomBytes(6).toString('hex')}`, name: 'A person', password: 'none' };
  await db
    .insertInto('people')
    .values({ ...person, disabled_at: null, created_at: new Date() })
    .execute();
  for (const { site, role } of grants)
    await db.insertInto('grants').values({ person_id: id, site, role, granted_at: new Date() }).execute();
  return id;
}

type SessionState = 'open' | 'locked' | 'enrol' | 'second-factor' | 'banner';

/** A session in one of its states. @returns headers that carry it. */
export async function newSession(
  { platform }: House,
  personId: string,
  state: SessionState = 'open',
): Promise<Record<string, string>> {
  const { db, people, secrets } = platform;
  const token = randomBytes(32).toString('base64url');
  const now = new Date();
  const rested = new Date(now.getTime() - (people.idleMinutes + 1) * 60_000);
  if (state === 'second-factor')
    await db
      .insertInto('second_factors')
      .values({
        person_id: personId,
        secret: secrets.wrap(randomBytes(20), `second-factor:${personId}`),
        algorithm: 'sha1',
        last_step: 0,
        enrolled_at: now,
      })
      .execute();
  await db
    .insertInto('sessions')
    .values({
      id: randomUUID(),
      token_hash: sha256(token),
      person_id: personId,
      created_at: now,
      expires_at: new Date(now.getTime() + 3_600_000),
      seen_at: state === 'locked' ? rested : now,
      proved_at: now,
      second_factor_at: state === 'enrol' || state === 'second-factor' ? null : now,
      banner_at: state === 'banner' ? null : now,
    })
    .execute();
  return { cookie: `tidewaiter=${token}` };
}

/** An API token. @returns headers that carry it. */
export async function newApiToken(
  { platform: { db } }: House,
  personId: string,
  scopes: readonly Scope[],
): Promise<Record<string, string>> {
  const now = new Date();
  const expiresAt = new Date(now.getTime() + 3_600_000);
  const { token } = await createToken(db, { personId, name: 'a program', scopes, expiresAt, now });
  return { authorization: `Bearer ${token}` };
}

/** A case with an asset, a job that has ended, and a finding. */
export interface Things {
  readonly caseId: string;
  readonly assetId: string;
  readonly jobId: string;
  readonly findingId: string;
  /** Of the site; nobody runs it. */
  readonly serviceId: string;
  /** A review of the asset whose analysis failed, and a release of it that failed. */
  readonly reviewId: string;
  readonly releaseId: string;
}

export async function newThings(
  { platform: { db, vault } }: House,
  site: string,
  by: string,
): Promise<Things> {
  const [caseId, assetId, jobId, findingId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const owned = { site_id: site, use: 'redaction' };
  await db
    .insertInto('cases')
    .values({ id: caseId, ...owned, title: 'A case', owner_id: by, state: 'open' })
    .execute();
  const bytes = [Buffer.from('bytes of a file')];
  await vault.put(assetId, stream(bytes), { maxBytes: 1000 }, async (tx, stored) => {
    await tx
      .insertInto('assets')
      .values({
        id: assetId,
        site_id: site,
        case_id: caseId,
        name: 'yard.jpg',
        media_type: 'application/octet-stream',
        bytes: stored.bytes,
        sha256: stored.sha256,
        derived_from: null,
        role: 'original',
        retention: 'case',
        legal_hold: false,
        created_by: by,
      })
      .execute();
  });
  await db
    .insertInto('jobs')
    .values({
      id: jobId,
      ...owned,
      case_id: caseId,
      queue: 'redaction.redact',
      input: '{}',
      state: 'done',
      created_by: by,
      finished_at: new Date(),
    })
    .execute();
  await db
    .insertInto('findings')
    .values({
      id: findingId,
      ...owned,
      case_id: caseId,
      kind: 'test',
      score: 0.5,
      reasons: '[]',
      evidence: '{}',
      models: '[]',
    })
    .execute();
  const serviceId = randomUUID();
  await db
    .insertInto('services')
    .values({ id: serviceId, ...owned, kind: 'test.watch', settings: '{}', created_by: by })
    .execute();
  const [reviewId, releaseId, failedId] = [randomUUID(), randomUUID(), randomUUID()];
  await db
    .insertInto('jobs')
    .values({
      ...{ id: failedId, ...owned, case_id: caseId, queue: 'redaction.analyse', input: '{}' },
      ...{ state: 'failed', created_by: by, finished_at: new Date() },
    })
    .execute();
  const reviewed = { site_id: site, case_id: caseId, job_id: failedId, created_by: by };
  await db
    .insertInto('redaction_reviews')
    .values({
      ...{ id: reviewId, ...reviewed, asset_id: assetId, profile: 'fast' },
      ...{ reasons: null, state: 'analysing', second_person: true },
    })
    .execute();
  await db
    .insertInto('redaction_releases')
    .values({
      ...{ id: releaseId, ...reviewed, review_id: reviewId, name: 'public', title: 'Public', revision: 0 },
      ...{ plan_sha256: '0'.repeat(64), outcome: null, files: null },
    })
    .execute();
  return { caseId, assetId, jobId, findingId, serviceId, reviewId, releaseId };
}

/** Things of the platform and of every use. */
export interface AllThings extends Things, WatchThings {}

export async function newAllThings(house: House, site: string, by: string): Promise<AllThings> {
  const things = await newThings(house, site, by);
  return { ...things, ...(await newWatchThings(house.platform.db, { site, by, caseId: things.caseId })) };
}

async function* stream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* pieces;
}

/** One request, and its answer as text. */
export async function ask(
  { url }: Pick<House, 'url'>,
  { method = 'GET', path, headers = {}, body }: Request,
): Promise<Reply> {
  const given = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const json = given ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...json, ...headers },
    ...(body === undefined
      ? {}
      : { body: given ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export interface Request {
  readonly method?: string;
  /** From the root of the server. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, everything else as JSON. */
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The code of a problem, or undefined for what is none. */
export function codeOf({ headers, text }: Reply): string | undefined {
  if (headers.get('content-type')?.startsWith('application/problem+json') !== true) return undefined;
  return (JSON.parse(text) as { code: string }).code;
}
