import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { descendants } from '../../redaction/program.ts';
import { ask } from '../attack/house.ts';
import { until, workFolders } from '../attack/redactions.ts';
import { signedIn } from '../attack/writers.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

interface Ended {
  readonly state: string;
  readonly error: { readonly code: string } | null;
}

/** What a job of a process below the server took at most, in MiB, until `over`. */
async function peakMiB(server: number, over: () => Promise<boolean>): Promise<number> {
  let most = 0;
  await until(async () => {
    for (const pid of descendants(server)) {
      const [status, command] = ['status', 'cmdline'].map((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'utf8');
        } catch {
          // It has ended meanwhile.
          return '';
        }
      });
      // Not PostgreSQL, whose shared memory counts for each of its processes.
      if (command?.includes('worker') === true)
        most = Math.max(most, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status ?? '')?.[1] ?? 0) / 1024);
    }
    return over();
  }, 'both jobs ended');
  return most;
}

/**
 * A redaction of a photograph of 25 million pixels, or of a video of 4096 by 2160, takes as much; what these say they are would take
 * ten times as much and more.
 */
const MOST_MIB = 1200;

/** A real server for the tests of a `describe`, on which bad files are dropped. */
export function bombRange(): {
  /**
   * Uploads a file, has it redacted and its proxies made, and holds that both end as expected, in little memory, that nothing is
   * left of them and that the server lives on.
   * @param expected of the redaction and of the proxies: the code of its error, or its state.
   */
  drop(file: string, bytes: Buffer, expected: readonly [redaction: string, proxies: string]): Promise<void>;
} {
  const data = newDataFolder();
  let serving: Serving | undefined;
  let headers: Record<string, string> = {};
  before(async () => {
    serving = await startServing(data);
    headers = await signedIn(serving);
  });
  after(async () => {
    await serving?.stop();
    removeDataFolder(data);
  });
  const read = async <T>(path: string): Promise<T> =>
    JSON.parse((await ask(serving!, { path: `/api/v1${path}`, headers })).text) as T;
  const post = async (path: string, body: unknown, more = {}): Promise<Record<string, string>> => {
    const request = { method: 'POST', path: `/api/v1${path}`, body, headers: { ...headers, ...more } };
    return JSON.parse((await ask(serving!, request)).text) as Record<string, string>;
  };
  return {
    drop: async (file, bytes, expected) => {
      const { id } = await post('/cases', { site: 'pier', use: 'redaction', title: file });
      const octets = { 'content-type': 'application/octet-stream' };
      const asset = await post(`/cases/${id}/assets?name=${file}`, new Uint8Array(bytes), octets);
      const { job } = await post('/redaction/jobs', { asset: asset['id'], profile: 'fast' });
      const redaction = (): Promise<Ended & { finishedAt: string | null }> => read(`/jobs/${job}`);
      const proxy = (): Promise<Ended> => read(`/assets/${asset['id']}/proxy`);
      const peak = await peakMiB(
        serving!.process.pid!,
        async () =>
          (await redaction()).finishedAt !== null && ['ready', 'failed'].includes((await proxy()).state),
      );
      const { state, error } = await redaction();
      const views = await proxy();
      assert.deepEqual([error?.code ?? state, views.error?.code ?? views.state], expected);
      assert.ok(peak > 20 && peak < MOST_MIB, `${peak} MiB`);
      assert.equal((await ask(serving!, { path: '/readyz' })).status, 200);
      await until(() => workFolders(data).length === 0, 'nothing was left in the folder of work');
    },
  };
}
