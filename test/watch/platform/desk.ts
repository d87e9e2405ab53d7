import { after } from 'node:test';
import { once } from 'node:events';
import { ServiceRunner } from '../../../src/platform/services/runner.ts';
import type { ServiceTimes } from '../../../src/platform/services/times.ts';
import type { Role } from '../../../src/platform/people/roles.ts';
import type { Alert } from '../../../src/uses/watch/alert.ts';
import type { CameraHandlers, CameraTask } from '../../../src/uses/watch/live.ts';
import type { RunCamera } from '../../../src/uses/watch/platform/camera-service.ts';
import { watchServices } from '../../../src/uses/watch/platform/services.ts';
import { ask, newPerson, newSession, type House } from '../../platform/attack/house.ts';

export const siteFile = `site: Port of Example
timeZone: America/Chicago
cameras:
  - id: gate
    zones:
      - { id: dock, polygon: [[0.2, 0.4], [0.7, 0.4], [0.7, 0.9], [0.2, 0.9]] }
    rules:
      - { id: dock-entry, kind: zone-entry, zone: dock, severity: high }
  - id: yard
    zones:
      - { id: lot, polygon: [[0, 0.3], [1, 0.3], [1, 1], [0, 1]] }
    rules:
      - { id: lot-entry, kind: zone-entry, zone: lot, severity: medium }
`;

/** A camera that does what a test says. */
export class ScriptedCamera {
  readonly #waiting: ((run: { task: CameraTask; handlers: CameraHandlers }) => void)[] = [];
  readonly #begun: { task: CameraTask; handlers: CameraHandlers }[] = [];

  readonly run: RunCamera = async (task, handlers) => {
    const began = { task, handlers };
    const next = this.#waiting.shift();
    if (next === undefined) this.#begun.push(began);
    else next(began);
    if (!handlers.signal.aborted) await once(handlers.signal, 'abort');
  };

  /** Its next run, when somebody has begun it. */
  async begun(): Promise<{ task: CameraTask; handlers: CameraHandlers }> {
    return this.#begun.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** An alert as the engine tells it. */
export function alertOf(number: number, change: Partial<Alert> = {}): Alert {
  return {
    id: `gate-alert-${number}`,
    camera: 'gate',
    severity: 'high',
    time: number,
    at: Date.now(),
    class: 'person',
    track: `person-${number}`,
    identity: `person-${number}`,
    box: { x: 10, y: 20, width: 30, height: 60 },
    reason: {
      rule: { id: 'dock-entry', kind: 'zone-entry', place: 'dock' },
      schedule: { armed: true, why: 'closed' },
      text: 'person entered zone dock',
      path: [{ time: number, x: 25, y: 80 }],
      scores: [0.6, 0.7, 0.8],
      medianScore: 0.7,
    },
    latency: { decoded: 20, looked: 60, fired: 61, inertia: 0.4 },
    incident: `gate-incident-${number}`,
    ...change,
  };
}

/** Runs the services of watch as a server does. */
export function runServices(
  { platform }: House,
  run: RunCamera,
  times?: ServiceTimes,
): { readonly runner: ServiceRunner; readonly errors: readonly string[] } {
  const errors: string[] = [];
  const runner = ServiceRunner.start({
    connection: (platform as unknown as { connection: never }).connection,
    kinds: Object.values(watchServices(() => platform, run)),
    capacity: 20,
    onError: ({ message }) => void errors.push(message),
    ...(times === undefined ? {} : { times }),
  });
  after(() => runner.stop(3));
  return { runner, errors };
}

/** Somebody who talks to the API. */
export interface Person {
  readonly id: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  readonly headers: Record<string, string>;
}
export interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly body: Record<string, never>;
}

export async function person(house: House, role: Role, site = 'pier'): Promise<Person> {
  const id = await newPerson(house, [{ site, role }]);
  const headers = await newSession(house, id);
  return {
    id,
    headers,
    call: async (method, path, body, more = {}) => {
      const request = { method, path: `/api/v1${path}`, headers: { ...headers, ...more } };
      const reply = await ask(house, body === undefined ? request : { ...request, body });
      const json = reply.headers.get('content-type')?.includes('json') === true;
      return {
        status: reply.status,
        etag: reply.headers.get('etag') ?? '',
        body: (json ? JSON.parse(reply.text) : { text: reply.text }) as Record<string, never>,
      };
    },
  };
}

/** Sets the site file and adds the camera `gate`. @returns the camera's id. */
export async function addGate(supervisor: Person): Promise<string> {
  await supervisor.call('PUT', '/watch/sites/pier', { text: siteFile });
  const added = await supervisor.call('POST', '/watch/cameras', {
    ...{ site: 'pier', slot: 'gate', name: 'Gate', source: { url: 'rtsp://127.0.0.1:9/gate' } },
    credentials: { user: 'viewer', password: 'seven tides' },
  });
  if (added.status !== 201) throw new Error(JSON.stringify(added.body));
  return String(added.body['id']);
}
