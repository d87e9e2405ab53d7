import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask } from './house.ts';

export const photograph = fileURLToPath(
  new URL('../../../node_modules/@vladmandic/face-api/demo/sample2.jpg', import.meta.url),
);

/** Names in the folder where jobs of a server work. */
export function workFolders(data: string): string[] {
  const work = join(data, 'work');
  return existsSync(work) ? readdirSync(work) : [];
}

/** Those of redactions, and not of proxies, which are made beside them. */
export function redactionFolders(data: string): string[] {
  return workFolders(data).filter((name) => name.startsWith('redact-'));
}

export async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export async function until(is: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const began = performance.now();
  while (!(await is())) {
    assert.ok(performance.now() - began < 60_000, `within a minute: ${what}`);
    await sleep(20);
  }
}

async function read(
  url: string,
  headers: Record<string, string>,
  path: string,
): Promise<Record<string, unknown>> {
  return JSON.parse((await ask({ url }, { path: `/api/v1${path}`, headers })).text) as Record<
    string,
    unknown
  >;
}

/** Redacts a photograph, or the file that is named, in a new case. */
export async function startRedaction(
  url: string,
  headers: Record<string, string>,
  file = photograph,
): Promise<{ readonly caseId: string; readonly job: string }> {
  const post = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const request = { method: 'POST', path: `/api/v1${path}`, body, headers: { ...headers, ...more } };
    return JSON.parse((await ask({ url }, request)).text) as { id: string; job: string };
  };
  const { id: caseId } = await post('/cases', { site: 'pier', use: 'redaction', title: 'A case' });
  const octets = { 'content-type': 'application/octet-stream' };
  const { id } = await post(`/cases/${caseId}/assets?name=yard${extname(file)}`, readFileSync(file), octets);
  const { job } = await post('/redaction/jobs', { asset: id, profile: 'fast' });
  return { caseId, job };
}

/** Waits until a redaction has come so far that it writes the frames of its output. */
export async function rendering(
  url: string,
  headers: Record<string, string>,
  { job }: { readonly job: string },
): Promise<void> {
  await until(async () => {
    const { finishedAt, progress } = await read(url, headers, `/jobs/${job}`);
    assert.equal(finishedAt ?? null, null, 'it ended before it was seen to render');
    return (progress as { stage?: string } | null)?.stage === 'render';
  }, 'the job renders');
}

/** Names of whole objects and of unfinished files in the vault of a server. */
export function vaultFiles(data: string): { readonly whole: string[]; readonly unfinished: string[] } {
  const entries = readdirSync(join(data, 'vault'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const draft = ({ parentPath }: (typeof files)[number]): boolean => /unfinished|drafts/.test(parentPath);
  return {
    whole: files.filter((file) => !draft(file)).map(({ name }) => name),
    unfinished: files.filter(draft).map(({ name }) => name),
  };
}

/** Waits for a redaction, and holds that there is one set of outputs and nothing left of the work. */
export async function doneOnce(
  { url, data }: { readonly url: string; readonly data: string },
  headers: Record<string, string>,
  { caseId, job }: { readonly caseId: string; readonly job: string },
): Promise<void> {
  let ended: Record<string, unknown> = {};
  // While the database is away, the answer is a problem and no job.
  await until(async () => {
    ended = await read(url, headers, `/jobs/${job}`);
    return typeof ended['finishedAt'] === 'string';
  }, 'the job ended');
  assert.equal(ended['state'], 'done', JSON.stringify(ended['error']));
  const { items } = (await read(url, headers, `/cases/${caseId}/assets`)) as { items: { role: string }[] };
  const roles = items.map(({ role }) => role).sort();
  assert.deepEqual(roles, ['original', 'output', 'record', 'record', 'record', 'record']);
  await until(() => workFolders(data).length === 0, 'nothing was left in the folder of work');
}
