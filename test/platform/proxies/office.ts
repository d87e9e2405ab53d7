import { openHouse, ask, newPerson, newSession, type House, type Reply } from '../attack/house.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** A house whose jobs are done, and an officer at its pier who puts files into a case. */
export interface Office {
  readonly house: House;
  readonly officer: Readonly<Record<string, string>>;
  readonly caseId: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  /** @returns the id of the asset. */
  upload(name: string, bytes: Uint8Array): Promise<string>;
  /** Waits until the proxies of an asset are in one of the states. */
  until(assetId: string, ...states: readonly string[]): Promise<ProxyAnswer>;
}

export interface ProxyAnswer {
  readonly state: string;
  readonly job: string | null;
  readonly error: { readonly code: string } | null;
  readonly made: readonly { readonly kind: string; readonly bytes: number; readonly sha256: string }[];
}

export async function openOffice(): Promise<Office> {
  const house = await openHouse();
  const officer = await newSession(house, await newPerson(house, [{ site: 'pier', role: 'officer' }]));
  const get = (path: string, headers = {}): Promise<Reply> =>
    ask(house, { path: `/api/v1${path}`, headers: { ...officer, ...headers } });
  const post = (path: string, body?: unknown): Promise<Reply> =>
    ask(house, { method: 'POST', path: `/api/v1${path}`, headers: officer, body });
  const opened = await post('/cases', { site: 'pier', use: 'redaction', title: 'Request 17' });
  const { id: caseId } = JSON.parse(opened.text) as { id: string };
  return {
    ...{ house, officer, caseId, get, post },
    upload: async (name, bytes) => {
      const { text } = await ask(house, {
        method: 'POST',
        path: `/api/v1/cases/${caseId}/assets?name=${encodeURIComponent(name)}`,
        headers: { ...officer, 'content-type': 'application/octet-stream' },
        body: bytes,
      });
      return (JSON.parse(text) as { id: string }).id;
    },
    until: async (assetId, ...states) => {
      for (;;) {
        const answer = JSON.parse((await get(`/assets/${assetId}/proxy`)).text) as ProxyAnswer;
        if (states.includes(answer.state)) return answer;
        await sleep(100);
      }
    },
  };
}
