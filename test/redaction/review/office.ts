import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Serving } from '../../platform/serving.ts';

export const password = 'seven tides at the quiet pier';

/** Answers are read as what they are said to be. */
export type Json = Record<string, never> & { readonly [name: string]: unknown };

/** Somebody at a screen. */
export class Person {
  readonly client: Client;
  readonly id: string;

  constructor(client: Client, id: string) {
    this.client = client;
    this.id = id;
  }

  async call<Body>(method: string, path: string, body: unknown, status: number): Promise<Body> {
    const reply = await this.client.call(method, path, body);
    assert.equal(reply.status, status, `${method} ${path}: ${JSON.stringify(reply.body)}`);
    return reply.body as Body;
  }

  async get<Body>(path: string): Promise<Body> {
    return this.call<Body>('GET', path, undefined, 200);
  }

  async content(asset: string | undefined): Promise<Buffer> {
    const response = await this.client.raw('GET', `/assets/${asset}/content`);
    assert.equal(response.status, 200);
    return Buffer.from(await response.arrayBuffer());
  }
}

/** The pier, and the administrator who made it. */
export async function openPier(serving: Serving): Promise<Person> {
  const client = new Client(serving.url);
  await client.call('POST', '/first-run', {
    ...{ code: serving.firstRunCode, login: 'admin', name: 'Administrator', password },
  });
  await client.enrol('admin', password);
  const admin = new Person(client, '');
  await admin.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' }, 201);
  return admin;
}

/** An administrator, two officers and a supervisor at the pier. */
export async function openOffice(
  serving: Serving,
): Promise<Record<'admin' | 'one' | 'two' | 'chief', Person>> {
  const admin = await openPier(serving);
  const hire = async (login: string, role: string): Promise<Person> => {
    const { id } = await admin.call<{ id: string }>('POST', '/people', { login, name: login, password }, 201);
    const granted = await admin.client.call('POST', `/people/${id}/grants`, { site: 'pier', role });
    assert.ok(granted.status < 300, JSON.stringify(granted.body));
    const own = new Client(serving.url);
    await own.enrol(login, password);
    return new Person(own, id);
  };
  const [one, two, chief] = await Promise.all([
    hire('one', 'officer'),
    hire('two', 'officer'),
    hire('chief', 'supervisor'),
  ]);
  return { admin, one, two, chief };
}

/** Uploads a file into a new case. */
export async function bringIn(
  person: Person,
  path: string,
  name: string,
): Promise<{ readonly caseId: string; readonly assetId: string }> {
  const asked = { site: 'pier', use: 'redaction', title: 'Request 1' };
  const { id: caseId } = await person.call<{ id: string }>('POST', '/cases', asked, 201);
  const uploaded = await person.client.raw('POST', `/cases/${caseId}/assets?name=${name}`, {
    body: readFileSync(path),
    headers: { 'content-type': 'application/octet-stream' },
  });
  assert.equal(uploaded.status, 201);
  return { caseId, assetId: ((await uploaded.json()) as { id: string }).id };
}

/** Waits until something is in one of the states in which it rests. */
export async function settled<Thing extends { readonly state: string }>(
  read: () => Promise<Thing>,
  moving: readonly string[],
): Promise<Thing> {
  for (;;) {
    const thing = await read();
    if (!moving.includes(thing.state)) return thing;
    await sleep(100);
  }
}
