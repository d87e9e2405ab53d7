import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Job, RedactionRelease, RedactionReview } from '../../../src/client/index.ts';
import { killed, until, workFolders } from '../../platform/attack/redactions.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../../platform/serving.ts';
import { clipFile, groupPhoto, workplace } from '../clips.ts';
import { bringIn, openPier, settled, type Person } from './office.ts';

const data = newDataFolder();
const place = workplace();
const environment = { TIDEWAITER_PORT: String(await freePort()) };
let serving: Serving;

before(async () => {
  serving = await startServing(data, environment);
});
after(async () => {
  await serving.stop();
  removeDataFolder(data);
  place.remove();
});

test('an analysis and a release whose workers and whose server are killed are done once', async () => {
  const one = await openPier(serving);
  const clip = await clipFile(await groupPhoto({ seconds: 0.6 }), place.path('yard.mp4'));
  const ready = await bringIn(one, clip, 'ready.mp4');
  const { id } = await startReview(one, ready.assetId);
  const path = `/redaction/reviews/${id}`;
  await settled(() => one.get<RedactionReview>(path), ['analysing']);
  const court = { op: 'release', release: 'court', title: 'For the court', choices: [] };
  const edits = [{ id: crypto.randomUUID(), do: court }];
  await one.call('POST', `${path}/edits`, { revision: 0, edits }, 201);
  await one.call('POST', `${path}/submit`, { revision: 1 }, 200);
  const again = await bringIn(one, clip, 'again.mp4');

  // Both work at the same time, and lose first their workers and then their server.
  const asked = { release: 'court', revision: 1 };
  const release = await one.call<RedactionRelease>('POST', `${path}/releases`, asked, 202);
  const review = await startReview(one, again.assetId);
  await until(() => workersOf(serving).length === 2, 'both have a worker');
  for (const worker of workersOf(serving)) process.kill(worker, 'SIGKILL');
  const tries = async (): Promise<number[]> =>
    Promise.all([release.job, review.job].map(async (job) => (await one.get<Job>(`/jobs/${job}`)).attempt));
  await until(async () => (await tries()).every((attempt) => attempt === 2), 'both are tried again');
  await until(() => workersOf(serving).length === 2, 'both have another worker');
  const orphans = workersOf(serving);
  await killed(serving.process);
  await until(() => !orphans.some(isAlive), 'workers go with their server');
  serving = await startServing(data, environment);

  const opened = await settled(
    () => one.get<RedactionReview>(`/redaction/reviews/${review.id}`),
    ['analysing'],
  );
  assert.equal(opened.state, 'open');
  const done = await settled(
    () => one.get<RedactionRelease>(`/redaction/releases/${release.id}`),
    ['rendering'],
  );
  assert.ok(done.state === 'done' || done.state === 'needs-review', done.state);

  // One review, and what was seen stands there once.
  const reviews = await one.get<{ items: RedactionReview[] }>(`/redaction/reviews?asset=${again.assetId}`);
  assert.equal(reviews.items.length, 1);
  const day = 86_400_000;
  const [from, to] = [-day, day].map((ms) => new Date(Date.now() + ms).toISOString());
  const span = `from=${from}&to=${to}&limit=500`;
  const seen = async (asset: string): Promise<string[]> => {
    const { items, next } = await one.get<{
      items: { readonly at: number; readonly class: string; readonly box: object; readonly model: string }[];
      next?: string;
    }>(`/observations?asset=${asset}&${span}`);
    assert.equal(next, undefined);
    return items.map(({ at, class: name, box, model }) => JSON.stringify([at, name, box, model])).sort();
  };
  const observations = await seen(again.assetId);
  assert.ok(observations.length > 0);
  assert.deepEqual(observations, await seen(ready.assetId), 'as an analysis that nothing disturbed');
  const ofAgain = await one.get<{ items: { role: string }[] }>(`/cases/${again.caseId}/assets`);
  assert.deepEqual(ofAgain.items.map(({ role }) => role).sort(), ['original', 'record']);

  // One release with all of its files, and nothing of the tries before.
  const { items } = await one.get<{ items: { id: string; role: string }[] }>(`/cases/${ready.caseId}/assets`);
  const made = items.filter(({ role }) => role !== 'original').map((asset) => asset.id);
  const files = done.files!;
  assert.equal(made.filter((asset) => !Object.values(files).includes(asset)).length, 1, 'and the base');
  assert.deepEqual(Object.keys(files).sort(), ['chain', 'log', 'output', 'plan', 'record', 'report']);
  const releases = await one.get<{ items: object[] }>(`${path}/releases`);
  assert.equal(releases.items.length, 1);
  await until(() => workFolders(data).length === 0, 'nothing was left in the folder of work');
});

async function startReview(person: Person, asset: string): Promise<RedactionReview> {
  return person.call<RedactionReview>('POST', '/redaction/reviews', { asset, profile: 'fast' }, 202);
}

/** Processes that a server has forked to redact. */
function workersOf({ process: { pid } }: Serving): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return (
          Number(parent) === pid &&
          readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('/uses/redaction/worker')
        );
      } catch {
        // It ended while it was looked at.
        return false;
      }
    });
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/** Who comes back finds the server where it was. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
