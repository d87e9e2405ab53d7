import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Serving } from '../serving.ts';
import { ask, codeOf, type Reply } from './house.ts';

/** Makes the first administrator, a site `pier`, and a token. @returns headers that carry the token. */
export async function signedIn({ url, firstRunCode }: Serving): Promise<Record<string, string>> {
  const client = new Client(url);
  const [login, password] = ['first-admin', 'seven tides at the quiet pier'];
  await client.call('POST', '/first-run', { code: firstRunCode, login, name: 'First', password });
  await client.enrol(login, password);
  await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const scopes = ['read', 'write', 'upload', 'jobs'];
  const made = await client.call('POST', '/tokens', { name: 'a program', scopes, expiresAt });
  return { authorization: `Bearer ${String(made.body['token'])}` };
}

/** Programs that write and read as fast as they can. */
export interface Writers {
  /** Titles of cases of which the server said that they are there. */
  readonly acknowledged: ReadonlySet<string>;
  /** Answers that were neither good nor a 503, as text. */
  readonly odd: readonly string[];
  stop(): Promise<void>;
}

/** @param restMs what each rests after an answer: for minutes at full speed the limit of requests is in the way. */
export function startWriters(url: () => string, headers: Record<string, string>, restMs = 5): Writers {
  const acknowledged = new Set<string>();
  const odd: string[] = [];
  let over = false;
  const judge = (reply: Reply): void => {
    if (reply.status < 300 || (reply.status === 503 && codeOf(reply) === 'E_UNAVAILABLE')) return;
    odd.push(`${reply.status} ${reply.text}`);
  };
  async function write(): Promise<void> {
    while (!over) {
      const title = randomUUID();
      const body = { site: 'pier', use: 'redaction', title };
      const path = '/api/v1/cases';
      const reply = await ask({ url: url() }, { method: 'POST', path, body, headers }).catch(unanswered);
      if (reply === undefined) continue;
      judge(reply);
      if (reply.status === 201) acknowledged.add(title);
      await sleep(restMs);
    }
  }
  async function read(): Promise<void> {
    while (!over) {
      const reply = await ask({ url: url() }, { path: '/api/v1/cases?limit=5', headers }).catch(unanswered);
      if (reply !== undefined) judge(reply);
      await sleep(restMs);
    }
  }
  /** Only a server that is gone may give no answer at all. */
  async function unanswered(error: unknown): Promise<undefined> {
    odd.push(error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error));
    await sleep(50);
  }
  const all = [write(), write(), write(), read(), read()];
  return {
    acknowledged,
    odd,
    stop: async () => {
      over = true;
      await Promise.all(all);
    },
  };
}

/** Titles of all cases. */
export async function storedTitles(url: string, headers: Record<string, string>): Promise<Set<string>> {
  const titles = new Set<string>();
  for (let cursor = ''; ;) {
    const reply = await ask({ url }, { path: `/api/v1/cases?limit=200${cursor}`, headers });
    const { items, next } = JSON.parse(reply.text) as { items: { title: string }[]; next?: string };
    for (const { title } of items) titles.add(title);
    if (next === undefined) return titles;
    cursor = `&cursor=${next}`;
  }
}
