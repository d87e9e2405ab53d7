import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { destination, type DestinationOf } from '../../../src/uses/watch/outputs/channel.ts';
import { mqttSender } from '../../../src/uses/watch/outputs/mqtt.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { freePort } from '../../platform/free-port.ts';
import { addGate, person, runServices, ScriptedCamera } from '../platform/desk.ts';
import { context, incidentMessage, outgoingOf } from './receivers.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-mqtt-'));
chmodSync(folder, 0o755);
const running: ChildProcess[] = [];
after(async () => {
  for (const child of running.filter(({ exitCode }) => exitCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
execFileSync(
  'openssl',
  [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', at('key.pem'), '-out', at('ca.pem')],
  ],
  { stdio: 'ignore' },
);
chmodSync(at('key.pem'), 0o644);
execFileSync('mosquitto_passwd', ['-b', '-c', at('passwords'), 'watch', 'seven tides'], { stdio: 'ignore' });
chmodSync(at('passwords'), 0o644);

/** Debian's broker, in clear and over TLS, which asks for a password. */
async function broker(): Promise<{ readonly plain: number; readonly tls: number }> {
  const [plain, tls] = [await freePort(), await freePort()];
  const lines = [
    ...['per_listener_settings false', 'allow_anonymous false', `password_file ${at('passwords')}`],
    ...[`listener ${plain} 127.0.0.1`, `listener ${tls} 127.0.0.1`],
    ...[`certfile ${at('ca.pem')}`, `keyfile ${at('key.pem')}`],
  ];
  writeFileSync(at('broker.conf'), lines.join('\n'));
  running.push(spawn('/usr/sbin/mosquitto', ['-c', at('broker.conf')], { stdio: 'ignore' }));
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(plain, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) break;
    await sleep(50);
  }
  return { plain, tls };
}

const { plain, tls } = await broker();
const to = (change: object = {}): DestinationOf<'mqtt'> => {
  const given = {
    kind: 'mqtt',
    host: '127.0.0.1',
    port: plain,
    tls: false,
    user: 'watch',
    password: 'seven tides',
  };
  const parsed = destination.parse({ ...given, ...change });
  assert.ok(parsed.kind === 'mqtt');
  return parsed;
};

/** What the broker hands on: `1 TOPIC PAYLOAD`, with 1 for what it had retained. */
async function subscribe(topic: string, count: number): Promise<{ readonly lines: Promise<string[]> }> {
  const client = await connectAsync({
    ...{ host: '127.0.0.1', port: plain, username: 'watch', password: 'seven tides', reconnectPeriod: 0 },
  });
  const found: string[] = [];
  const lines = new Promise<string[]>((resolve) => {
    client.on('message', (name, payload, { retain }) => {
      found.push(`${retain ? 1 : 0} ${name} ${payload.toString()}`);
      if (found.length === count) client.end(true, () => resolve(found));
    });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return { lines };
}

/** Resolves when a topic says so, retained or new. */
async function untilSays(topic: string, wanted: string): Promise<void> {
  const client = await connectAsync({
    ...{ host: '127.0.0.1', port: plain, username: 'watch', password: 'seven tides', reconnectPeriod: 0 },
  });
  const says = new Promise<void>((resolve) => {
    client.on('message', (_, payload) => {
      if (payload.toString() === wanted) resolve();
    });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  await says;
  await client.endAsync(true);
}

describe('MQTT, with a real broker', () => {
  for (const version of [4, 5] as const)
    test(`version ${version}: incidents by camera, states and availability retained`, async () => {
      const sender = mqttSender(
        to({ version, prefix: `v${version}` }),
        `11111111-0000-0000-0000-00000000000${version}`,
      );
      const live = await subscribe(`v${version}/pier/gate/incident`, 1);
      const message = incidentMessage();
      await sender.send(outgoingOf(message), context);
      const [, , ...payload] = (await live.lines)[0]?.split(' ') ?? [];
      assert.deepEqual(JSON.parse(payload.join(' ')), JSON.parse(JSON.stringify(message)));
      const { id, status, site, at: when, camera } = message;
      const state = {
        id,
        status,
        site,
        at: when,
        camera,
        what: 'camera',
        state: 'blind',
        why: 'frozen',
      } as const;
      await sender.send(outgoingOf(state), context);
      const kept = await (await subscribe(`v${version}/pier/#`, 2)).lines;
      assert.ok(
        kept.some((line) => line.startsWith(`1 v${version}/pier/gate/state {`)),
        kept.join('\n'),
      );
      assert.ok(kept.includes(`1 v${version}/pier/availability online`));
      await sender.close();
      assert.deepEqual(await (await subscribe(`v${version}/pier/availability`, 1)).lines, [
        `1 v${version}/pier/availability offline`,
      ]);
    });

  test('it says that it is there before there is anything to send; the broker says so when it has gone', async () => {
    const links = new Set<Socket>();
    const way = createServer((near) => {
      const far = connect(plain, '127.0.0.1');
      for (const socket of [near, far]) {
        links.add(socket);
        socket.on('error', () => undefined);
      }
      near.pipe(far).pipe(near);
    }).listen(0, '127.0.0.1');
    await once(way, 'listening');
    const { port } = way.address() as AddressInfo;
    const topic = 'begun/pier/availability';
    const sender = mqttSender(to({ port, prefix: 'begun' }), '66666666-0000-0000-0000-000000000000');
    const told = await subscribe(topic, 3);
    sender.begin?.(context);
    await untilSays(topic, 'online');
    // As when this machine dies: nobody says goodbye. It comes back by itself.
    for (const socket of links) socket.destroy();
    assert.deepEqual(await told.lines, [`0 ${topic} online`, `0 ${topic} offline`, `0 ${topic} online`]);
    await sender.close();
    await untilSays(topic, 'offline');
    for (const socket of links) socket.destroy();
    way.close();
  });

  test('a channel that is added is online at once, and offline when it is switched off', async () => {
    const house = await openHouse({
      settings: (usual) => ({ ...usual, webhooks: { ...usual.webhooks, networks: ['127.0.0.0/8'] } }),
    });
    const supervisor = await person(house, 'supervisor');
    runServices(house, new ScriptedCamera().run);
    await addGate(supervisor);
    const { kind, host, tls: secure, user, password } = to();
    const destination = { kind, host, port: plain, tls: secure, user, password, prefix: 'house' };
    const { status, body } = await supervisor.call('POST', '/watch/sites/pier/channels', {
      ...{ name: 'Broker', destination, choice: {} },
    });
    assert.equal(status, 201, JSON.stringify(body));
    await untilSays('house/pier/availability', 'online');
    assert.equal((await supervisor.call('DELETE', `/watch/channels/${String(body['id'])}`)).status, 204);
    await untilSays('house/pier/availability', 'offline');
  });

  test('over TLS, whose certificate is checked', async () => {
    const ca = readFileSync(at('ca.pem'), 'utf8');
    const trusted = mqttSender(to({ port: tls, tls: true, ca }), '22222222-0000-0000-0000-000000000000');
    await trusted.send(outgoingOf(incidentMessage()), context);
    await trusted.close();
    const strange = mqttSender(to({ port: tls, tls: true }), '33333333-0000-0000-0000-000000000000');
    await assert.rejects(strange.send(outgoingOf(incidentMessage()), context), /certificate/);
    await strange.close();
  });

  test('a wrong password, and an address that is not open, are said', async () => {
    const wrong = mqttSender(to({ password: 'x' }), '44444444-0000-0000-0000-000000000000');
    await assert.rejects(wrong.send(outgoingOf(incidentMessage()), context), /[Nn]ot authorized/);
    await wrong.close();
    const closed = mqttSender(to(), '55555555-0000-0000-0000-000000000000');
    await assert.rejects(closed.send(outgoingOf(incidentMessage()), { ...context, allowed: () => false }), {
      code: 'E_WEBHOOK_TARGET',
    });
    await closed.close();
  });
});
