import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import sharp from 'sharp';
import { openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/attack/redactions.ts';
import { keepPicture, sharePicture } from '../../../src/uses/watch/platform/pictures.ts';
import { addGate, alertOf, person, runServices, ScriptedCamera, type Answer } from './desk.ts';

const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
  .jpeg()
  .toBuffer();
const snapshot = { jpeg: picture, width: 64, height: 48 };

interface Told {
  readonly id: number;
  readonly event: string;
  readonly data: { readonly incident?: { readonly id: string; readonly state: string } };
}

describe('incidents at the desk', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const [anna, ben] = [await person(house, 'operator'), await person(house, 'operator')];
  await db.updateTable('people').set({ name: 'Anna' }).where('id', '=', anna.id).execute();
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
  const cameraId = await addGate(supervisor);
  const { handlers } = await camera.begun();
  const began = new Date(Date.now() - 30_000).toISOString();
  let last = 0;

  /** Lets the camera tell an alert that begins an incident of its own. */
  const incident = async (change: Parameters<typeof alertOf>[1] = {}): Promise<string> => {
    last += 1;
    await handlers.onAlert?.(alertOf(last, change), snapshot);
    const time = last;
    const find = () =>
      db
        .selectFrom('watch_alerts')
        .select(['incident_id', 'alert'])
        .execute()
        .then((rows) => rows.find(({ alert }) => alert.time === time));
    await until(async () => (await find()) !== undefined, 'the alert is there');
    return (await find())?.incident_id ?? '';
  };
  const get = (id: string): Promise<Answer> => anna.call('GET', `/watch/incidents/${id}`);
  const step = async (who: typeof anna, id: string, body: object, etag?: string): Promise<Answer> =>
    who.call('POST', `/watch/incidents/${id}/steps`, body, { 'if-match': etag ?? (await get(id)).etag });

  test('go from new to acknowledged, confirmed and closed; each step is on record', async () => {
    const id = await incident();
    const seen = await get(id);
    assert.deepEqual([seen.body['state'], seen.body['priority']], ['new', 1]);
    assert.equal((await step(anna, id, { step: 'close' })).status, 409);
    assert.equal(
      (await anna.call('POST', `/watch/incidents/${id}/steps`, { step: 'acknowledge' })).status,
      428,
    );
    assert.equal((await step(anna, id, { step: 'acknowledge' }, seen.etag)).status, 200);
    assert.equal(
      (await step(anna, id, { step: 'confirm', note: 'two men with a ladder' }, seen.etag)).status,
      412,
    );
    assert.equal((await step(anna, id, { step: 'note', note: 'police were called' }, seen.etag)).status, 200);
    assert.equal(
      (await step(anna, id, { step: 'confirm', note: 'two men with a ladder' })).body['state'],
      'confirmed',
    );
    assert.equal((await step(supervisor, id, { step: 'close' })).body['state'], 'closed');
    const { body } = await get(id);
    const steps = body['steps'] as unknown as { step: string; by: string; note: string | null }[];
    assert.deepEqual(
      steps.map((one) => [one.step, one.by, one.note]),
      [
        ['acknowledge', anna.id, null],
        ['note', anna.id, 'police were called'],
        ['confirm', anna.id, 'two men with a ladder'],
        ['close', supervisor.id, null],
      ],
    );
    assert.equal(body['acknowledgedBy'], anna.id);
    // It is a finding, and its decision stands where those of every use do.
    const finding = await anna.call('GET', `/findings/${id}`);
    assert.equal(finding.body['assignedTo'], anna.id);
    const decisions = finding.body['decisions'] as unknown as { disposition: string }[];
    assert.deepEqual(
      decisions.map(({ disposition }) => disposition),
      ['confirmed'],
    );
    const elsewhere = await supervisor.call('POST', `/findings/${id}/decisions`, {
      ...{ disposition: 'dismissed', reason: 'elsewhere' },
    });
    assert.equal(elsewhere.status >= 400, true);
    const kept = async (): Promise<unknown> =>
      db.selectFrom('assets').select('retention').where('name', 'like', 'snapshot-%').execute();
    await until(
      async () => isDeepStrictEqual(await kept(), [{ retention: 'watch-incident' }]),
      'the snapshot is kept as long as the incident',
    );
    const events = await db.selectFrom('ledger_outbox').select('event').orderBy('id').execute();
    const kinds = events.map(({ event }) => (event as { kind: string }).kind);
    for (const kind of ['alert', 'incident-acknowledged', 'incident-confirmed', 'incident-closed'])
      assert.ok(kinds.includes(`watch.${kind}`), kind);
    assert.doesNotMatch(JSON.stringify(events), /ladder|police|Anna/);
  });

  test('of two who acknowledge at once one does, and the other hears who', async () => {
    const id = await incident();
    const { etag } = await get(id);
    const replies = await Promise.all([anna, ben].map((who) => step(who, id, { step: 'acknowledge' }, etag)));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409]);
    const taker = (await get(id)).body['acknowledgedBy'];
    const loser = replies.find(({ status }) => status === 409);
    assert.equal(loser?.body['code'], 'E_INCIDENT_TAKEN');
    assert.match(
      String(loser?.body['title']),
      taker === anna.id ? /^Anna acknowledged/ : /^A person acknowledged/,
    );
  });

  test('dismissals give a reason and stay discoverable; more of it is a new incident', async () => {
    const id = await incident({ incident: 'gate-incident-fox' });
    assert.equal((await step(ben, id, { step: 'dismiss', reason: 'other' })).status, 400);
    assert.equal((await step(ben, id, { step: 'dismiss', reason: 'animal' })).status, 200);
    const list = await ben.call('GET', '/watch/incidents?state=dismissed&dismissal=animal');
    assert.deepEqual(
      (list.body['items'] as unknown as { id: string }[]).map((one) => one.id),
      [id],
    );
    assert.notEqual(await incident({ incident: 'gate-incident-fox' }), id);
  });

  test('nobody acknowledged in time: it goes to the supervisors by itself, and says so', async () => {
    const { etag } = await supervisor.call('GET', '/watch/sites/pier');
    const { body: site } = await supervisor.call('GET', '/watch/sites/pier');
    const clocks = { high: 5, medium: 60, low: 60 };
    const put = await supervisor.call(
      'PUT',
      '/watch/sites/pier',
      { text: site['text'], clocks },
      { 'if-match': etag },
    );
    assert.equal(put.status, 200);
    // Nothing is new for the cameras: they go on.
    const at = Date.now() - 6000;
    await handlers.onAlert?.(alertOf(1000, { at }), snapshot);
    const escalated = async (): Promise<string | undefined> => {
      const { body } = await supervisor.call('GET', '/watch/incidents?state=escalated');
      return (body['items'] as unknown as { id: string }[])[0]?.id;
    };
    await until(async () => (await escalated()) !== undefined, 'it is escalated');
    const { body } = await get((await escalated()) ?? '');
    assert.equal(body['escalatedTo'], 'supervisor');
    const [one] = body['steps'] as unknown as { step: string; by: null; note: string }[];
    assert.deepEqual([one?.step, one?.by, one?.note], ['escalate', null, 'Nobody acknowledged it in time.']);
    const retention = (): Promise<unknown> =>
      db
        .selectFrom('watch_alerts')
        .innerJoin('assets', 'assets.id', 'watch_alerts.snapshot')
        .select('retention')
        .where('incident_id', '=', String(body['id']))
        .execute();
    await until(
      async () => isDeepStrictEqual(await retention(), [{ retention: 'watch-incident' }]),
      'its picture is kept for as long',
    );
    assert.equal(
      (await step(supervisor, String(body['id']), { step: 'acknowledge' })).body['state'],
      'escalated',
    );

    const disarmed = await anna.call('POST', '/watch/sites/pier/overrides', {
      ...{ camera: cameraId, zone: 'dock', state: 'disarmed', reason: 'cleaning crew' },
      until: new Date(Date.now() + 60_000).toISOString(),
    });
    assert.equal(disarmed.status, 201);
    await handlers.onAlert?.(alertOf(1001), snapshot);
    const suppressed = async (): Promise<Record<string, unknown>[]> =>
      (await anna.call('GET', '/watch/alerts?suppressed=yes')).body['items'] as unknown as Record<
        string,
        unknown
      >[];
    await until(async () => (await suppressed()).length === 1, 'it is kept, marked');
    const [kept] = await suppressed();
    assert.deepEqual([kept?.['suppressed'], kept?.['override']], ['disarmed by hand', disarmed.body['id']]);
    const { schedule } = kept?.['reason'] as { schedule: Record<string, unknown> };
    assert.deepEqual([schedule['armed'], schedule['detail']], [false, 'cleaning crew']);

    const shown = async (): Promise<number> =>
      (await db.selectFrom('watch_alerts').select('id').where('suppressed', 'is', null).execute()).length;
    const before = await shown();
    const armed = await anna.call('POST', '/watch/sites/pier/overrides', {
      ...{ camera: cameraId, state: 'armed', reason: 'the crew has left' },
      until: new Date(Date.now() + 60_000).toISOString(),
    });
    await handlers.onAlert?.(alertOf(1002), snapshot);
    await until(async () => (await shown()) === before + 1, 'what was said last counts');
    const ended = await anna.call('POST', `/watch/overrides/${String(armed.body['id'])}/end`);
    assert.equal(ended.status, 200);
    await handlers.onAlert?.(alertOf(1003), snapshot);
    await until(async () => (await suppressed()).length === 2, 'and when it ends, what was said before');
  });

  test('the stream tells all from where it broke off, and at once', async () => {
    const stop = new AbortController();
    after(() => stop.abort());
    const told: Told[] = [];
    const response = await fetch(`${house.url}/api/v1/watch/sites/pier/events`, {
      headers: { ...anna.headers, 'last-event-id': '0' },
      signal: stop.signal,
    });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const reading = (async () => {
      let text = '';
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(piece).toString();
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const [, id, event, data] = /id: (\d+)\nevent: (\w+)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
          if (event !== undefined)
            told.push({ id: Number(id), event, data: JSON.parse(data ?? '{}') as Told['data'] });
          text = text.slice(end + 2);
        }
      }
    })().catch(() => undefined);
    const all = await db.selectFrom('watch_events').select('seq').orderBy('seq').execute();
    await until(() => told.length > all.length, 'all of the past was told');
    assert.deepEqual(
      told.slice(1, all.length + 1).map(({ id }) => id),
      all.map(({ seq }) => seq),
    );
    const { body } = await anna.call('GET', '/watch/incidents?state=new&limit=1');
    const [waiting] = body['items'] as unknown as { id: string }[];
    await step(ben, waiting?.id ?? '', { step: 'acknowledge' });
    await until(
      () =>
        told.some(({ data }) => data.incident?.id === waiting?.id && data.incident?.state === 'acknowledged'),
      'the change is told',
    );
    stop.abort();
    await reading;
    const lost = await anna.call('GET', '/watch/sites/pier/events?after=999999&follow=no');
    assert.match(String(lost.body['text']), /event: reset/);
  });

  test('pictures are shown to who may see people, for a reason, and the rest get nothing to look at', async () => {
    const row = await db
      .selectFrom('watch_alerts')
      .select(['id', 'snapshot'])
      .where('snapshot', 'is not', null)
      .executeTakeFirstOrThrow();
    const reveal = (headers: Record<string, string>, body: object): Promise<Response> =>
      fetch(`${house.url}/api/v1/watch/alerts/${row.id}/reveal`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    assert.equal((await reveal(anna.headers, { what: 'snapshot', reason: 'to see who came' })).status, 403);
    assert.equal((await reveal(supervisor.headers, { what: 'snapshot' })).status, 400);
    const shown = await reveal(supervisor.headers, { what: 'snapshot', reason: 'to see who came' });
    assert.equal(shown.headers.get('content-type'), 'image/jpeg');
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), picture);
    const asset = await fetch(`${house.url}/api/v1/assets/${row.snapshot}/content`, {
      headers: supervisor.headers,
    });
    const sealed = Buffer.from(await asset.arrayBuffer());
    assert.equal(sealed.length, picture.length);
    assert.notDeepEqual(sealed, picture);
    const reveals = await db.selectFrom('watch_reveals').select(['made_by', 'reason']).execute();
    assert.deepEqual(reveals, [{ made_by: supervisor.id, reason: 'to see who came' }]);
  });

  test('the load is measured, and the next shift reads what happened', async () => {
    const to = new Date(Date.now() + 1000).toISOString();
    const { body: load } = await anna.call('GET', `/watch/sites/pier/load?from=${began}&to=${to}`);
    assert.equal(load['incidents'], 6);
    assert.deepEqual(load['decided'], { n: 2, dismissed: 1 });
    const [noisy] = load['noisiest'] as unknown as Record<string, unknown>[];
    assert.deepEqual(
      [noisy?.['rule'], noisy?.['alerts'], noisy?.['dismissed'], noisy?.['chattering']],
      ['dock-entry', 6, 1, true],
    );
    const { body } = await anna.call('GET', `/watch/sites/pier/handover?from=${began}&to=${to}`);
    const text = String(body['text']);
    for (const part of [
      /Open incidents/,
      /"two men with a ladder"/,
      /Gate, dock: disarmed .*cleaning crew/,
      /escalated to supervisor/,
    ])
      assert.match(text, part);
    // What is open stands there once.
    const ids = (part: 'open' | 'happened'): unknown[] =>
      (body[part] as unknown as { id: string }[]).map(({ id }) => id);
    assert.ok(ids('open').length > 0 && ids('happened').length > 0);
    assert.deepEqual(
      ids('happened').filter((id) => ids('open').includes(id)),
      [],
    );
    assert.equal((await anna.call('GET', `/watch/sites/pier/load?from=${to}&to=${began}`)).status, 400);
  });

  test('a recording that is being kept while somebody decides is kept as long as what they decided', async () => {
    const retention = async (alert: string): Promise<readonly string[]> => {
      const rows = await db
        .selectFrom('watch_recorded')
        .innerJoin('assets', 'assets.id', 'watch_recorded.asset_id')
        .select('retention')
        .where('alert_id', '=', alert)
        .execute();
      return rows.map((row) => row.retention);
    };
    /** Keeps a clip of the incident; `meanwhile` happens when its bytes are on their way. */
    const keepClip = async (id: string, meanwhile: () => Promise<unknown>): Promise<string> => {
      const { id: alert } = await db
        .selectFrom('watch_alerts')
        .select('id')
        .where('incident_id', '=', id)
        .executeTakeFirstOrThrow();
      async function* bytes(): AsyncGenerator<Uint8Array> {
        yield picture;
        await meanwhile();
      }
      assert.equal(await keepPicture(house.platform, 'clip', alert, bytes()), true);
      return alert;
    };
    await anna.call('POST', '/watch/sites/pier/overrides', {
      ...{ camera: cameraId, state: 'armed', reason: 'the crew has left' },
      until: new Date(Date.now() + 60_000).toISOString(),
    });
    const confirmed = await incident();
    const confirm = (): Promise<Answer> =>
      step(anna, confirmed, { step: 'confirm', note: 'two men with a ladder' });
    assert.deepEqual(await retention(await keepClip(confirmed, confirm)), ['watch-incident']);
    const [dismissed, shown] = [await incident(), await incident()];
    const clip = await keepClip(dismissed, () =>
      step(anna, dismissed, { step: 'dismiss', reason: 'animal' }),
    );
    assert.deepEqual(await retention(clip), ['watch-picture']);
    // What two incidents show is kept as long as the one for which it is kept longer.
    assert.equal(
      (await step(anna, shown, { step: 'escalate', role: 'supervisor', note: 'is it one' })).status,
      200,
    );
    const { id: other } = await db
      .selectFrom('watch_alerts')
      .select('id')
      .where('incident_id', '=', shown)
      .executeTakeFirstOrThrow();
    assert.equal(await sharePicture(house.platform, 'clip', other, clip, {}), true);
    assert.deepEqual(await retention(other), ['watch-incident']);
  });
});
