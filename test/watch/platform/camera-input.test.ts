import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse } from '../../platform/attack/house.ts';
import { addGate, person } from './desk.ts';

test('a camera whose name or address is hostile is refused, and no password is told again', async () => {
  const house = await openHouse();
  const supervisor = await person(house, 'supervisor', '*');
  const id = await addGate(supervisor);
  const said: string[] = [];
  const refused = async (wrong: object): Promise<void> => {
    const good = { site: 'pier', slot: 'gate', name: 'Gate', source: { url: 'rtsp://127.0.0.1:9/gate' } };
    const { status, body } = await supervisor.call('POST', '/watch/cameras', { ...good, ...wrong });
    assert.equal(status, 400, JSON.stringify(wrong));
    said.push(JSON.stringify(body));
  };
  for (const name of ['', 'Gate\u001b[31m', 'Gate\nBcc: x', 'Gate\u0000', 'Gate \u202edne', 'x'.repeat(101)])
    await refused({ name });
  for (const url of [
    'file:///etc/passwd',
    'concat:rtsp://h/a|file:///etc/passwd',
    'rtsp://viewer:seven%20tides@camera/x',
    'rtsp://:seven%20tides@camera/x',
    'rtsp://camera/x?user=viewer&password=seven%20tides',
  ])
    await refused({ source: { url } });
  // One that an earlier version took.
  const { db } = house.platform;
  const source = JSON.stringify({ url: 'rtsp://camera/x?user=viewer&pwd=seven%20tides' });
  await db
    .updateTable('watch_cameras')
    .set({ source: source as never })
    .where('id', '=', id)
    .execute();
  said.push(JSON.stringify((await supervisor.call('GET', '/watch/cameras')).body));
  said.push(JSON.stringify((await supervisor.call('GET', `/watch/cameras/${id}`)).body));
  assert.doesNotMatch(said.join(), /seven( |%20)tides/);
});
