import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse, ask } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import { addGate, alertOf, person, runServices, ScriptedCamera } from './platform/desk.ts';

const jpeg = Buffer.from('x');
const snapshot = { jpeg, width: 64, height: 48 };

/** Reads the text format by its rules: every sample has a type that was declared before, and well-formed labels. */
function parse(text: string): Map<string, number> {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, typed = '', type = ''] = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (typed !== '') types.set(typed, type);
    if (line.startsWith('#')) continue;
    const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\["\\n])*"`;
    const match = new RegExp(String.raw`^([a-z_:]+)(\{(?:${label},?)*\})? ([-+.\deE]+|[+-]Inf|NaN)$`).exec(
      line,
    );
    assert.ok(match, line);
    const [, name = '', labels = '', value] = match;
    assert.ok(types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram', line);
    assert.equal(samples.has(name + labels), false, `twice: ${line}`);
    samples.set(name + labels, Number(value));
  }
  return samples;
}

test('each camera is measured: state, alerts, latency, coverage, queues', async () => {
  const house = await openHouse();
  const scrape = async (): Promise<Map<string, number>> =>
    parse((await ask(house, { path: '/metrics' })).text);
  const supervisor = await person(house, 'supervisor');
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
  await addGate(supervisor);
  const { handlers } = await camera.begun();
  await handlers.onState?.({ state: 'live', since: Date.now() } as never);
  const at = Date.now() - 500;
  await handlers.onAlert?.(alertOf(1, { at }), snapshot);
  const { incident: _, ...hidden } = alertOf(2, { at, suppressed: 'cool-down' });
  await handlers.onAlert?.(hidden, snapshot);
  handlers.onFigures?.({
    ...{ at: Date.now(), frames: 900, dropped: 7, reconnects: 2, latency: 0.08, queueAge: 0.25, off: -0.5 },
  });
  const { db } = house.platform;
  await until(async () => (await db.selectFrom('watch_alerts').selectAll().execute()).length === 2, 'kept');
  await until(
    async () =>
      (await scrape()).get('tidewaiter_watch_camera_state{site="pier",camera="gate",state="seeing"}') === 1,
    'it sees',
  );
  await until(
    async () => (await scrape()).has('tidewaiter_watch_camera_fps{site="pier",camera="gate"}'),
    'its service has said how it goes',
  );
  const [found] = await Promise.all([scrape(), scrape()]);
  const of = (name: string, more = ''): number | undefined =>
    found.get(`tidewaiter_watch_${name}{site="pier",camera="gate"${more}}`);
  assert.equal(of('alerts_total', ',severity="high",suppressed="no"'), 1);
  assert.equal(of('alerts_total', ',severity="high",suppressed="cool-down"'), 1);
  assert.equal(of('capture_to_fired_seconds_count'), 2, 'each counts once, however often it is asked');
  assert.ok(Math.abs((of('capture_to_fired_seconds_sum') ?? 0) - 0.122) < 1e-6);
  assert.ok((of('fired_to_stored_seconds_sum') ?? 0) >= 0.8);
  for (const [name, value] of [
    ...([
      ['frames_total', 900],
      ['dropped_frames_total', 7],
      ['reconnects_total', 2],
    ] as const),
    ...([
      ['latency_seconds', 0.08],
      ['queue_age_seconds', 0.25],
      ['clock_off_seconds', -0.5],
    ] as const),
  ] as const)
    assert.equal(of(`camera_${name}`), value, name);
  for (const name of [
    'spool_bytes',
    'spool_waiting',
    'spool_age_seconds',
    'spool_not_on_disk',
    'spool_disk_refuses',
  ])
    assert.ok((of(`camera_${name}`) ?? -1) >= 0, name);
  const [watched, quiet] = [
    of('coverage_seconds', ',state="watched"'),
    of('coverage_seconds', ',state="quiet"'),
  ];
  assert.ok(watched !== undefined && watched >= 0);
  assert.equal(quiet, 0, 'an hour with an alert is not quiet');
  assert.ok((of('coverage_seconds', ',state="unwatched"') ?? 0) > 3500);
  assert.equal(found.get('tidewaiter_watch_incidents_waiting{site="pier",severity="high"}'), 1);
  assert.ok((found.get('tidewaiter_watch_incident_wait_seconds{site="pier"}') ?? 0) > 0);
  const names = [...found.keys()].filter((name) => name.includes('tidewaiter_watch'));
  assert.doesNotMatch(names.join('\n'), /[0-9a-f]{8}-[0-9a-f]{4}-|Gate|person/);
});
