import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openHouse } from '../platform/attack/house.ts';
import { person } from './platform/desk.ts';

const bin = fileURLToPath(new URL('../../bin/tidewaiter.js', import.meta.url));
const soap = (body: string): string =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;

/** Stands in for a camera's ONVIF service: no camera was at hand. */
const service = createServer((request, response) => {
  let asked = '';
  request.on('data', (piece: Buffer) => (asked += piece.toString()));
  request.on('end', () => {
    const { port } = service.address() as AddressInfo;
    const here = `http://127.0.0.1:${port}/onvif/device_service`;
    const now = new Date();
    const answers: [RegExp, string][] = [
      [
        /GetSystemDateAndTime/,
        `<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>${now.getUTCHours()}</Hour><Minute>${now.getUTCMinutes()}</Minute><Second>${now.getUTCSeconds()}</Second></Time><Date><Year>${now.getUTCFullYear()}</Year><Month>${now.getUTCMonth() + 1}</Month><Day>${now.getUTCDate()}</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`,
      ],
      [
        /GetCapabilities/,
        `<GetCapabilitiesResponse><Capabilities><Media><XAddr>${here}</XAddr></Media></Capabilities></GetCapabilitiesResponse>`,
      ],
      [
        /GetServices/,
        `<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace><XAddr>${here}</XAddr><Version><Major>2</Major><Minor>5</Minor></Version></Service></GetServicesResponse>`,
      ],
      [
        /GetProfiles/,
        '<GetProfilesResponse><Profiles token="p1" fixed="true"><Name>main</Name><VideoSourceConfiguration token="v1"><SourceToken>s1</SourceToken></VideoSourceConfiguration></Profiles></GetProfilesResponse>',
      ],
      [
        /GetVideoSources/,
        '<GetVideoSourcesResponse><VideoSources token="s1"><Framerate>15</Framerate></VideoSources></GetVideoSourcesResponse>',
      ],
      [
        /GetStreamUri/,
        '<GetStreamUriResponse><MediaUri><Uri>rtsp://127.0.0.1:554/main</Uri></MediaUri></GetStreamUriResponse>',
      ],
    ];
    const [, body] = answers.find(([pattern]) => pattern.test(asked)) ?? [null, '<Empty/>'];
    const allowed = /GetSystemDateAndTime/.test(asked) || asked.includes('<Username>viewer</Username>');
    response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/soap+xml' }).end(soap(body));
  });
});
service.listen(0, '127.0.0.1');
await once(service, 'listening');
after(() => {
  service.closeAllConnections();
  service.close();
});

const camera = createSocket({ type: 'udp4', reuseAddr: true });
camera.bind(3702, '239.255.255.250');
await once(camera, 'listening');
camera.addMembership('239.255.255.250', '127.0.0.1');
after(() => camera.close());
camera.on('message', (probe, from) => {
  const id = /urn:uuid:[^<]+/.exec(probe.toString())?.[0] ?? '';
  const { port } = service.address() as AddressInfo;
  const match = (address: string): string =>
    soap(
      `<ProbeMatches><ProbeMatch><EndpointReference><Address>${address}</Address></EndpointReference>` +
        `<Types>dn:NetworkVideoTransmitter</Types><Scopes>onvif://www.onvif.org/name/Gate%20%1b[31m1</Scopes>` +
        `<XAddrs>http://192.0.2.77/elsewhere http://127.0.0.1:${port}/onvif/device_service</XAddrs>` +
        `</ProbeMatch></ProbeMatches>`,
    ).replace('<s:Body>', `<s:Header><RelatesTo>${id}</RelatesTo></s:Header><s:Body>`);
  camera.send('no soap at all', from.port, from.address);
  camera.send(match('urn:uuid:1'), from.port, from.address);
});

async function discover(more: NodeJS.ProcessEnv): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(
    process.execPath,
    [bin, 'watch', 'discover', '--timeout', '2', '--interface', 'lo', '--json'],
    { env: { ...process.env, ...more } },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

test('a camera on the network is found with its name; its streams only with a password', async () => {
  const found = await discover({});
  assert.equal(found.code, 0, found.err);
  const { port } = service.address() as AddressInfo;
  const seen = found.out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const cameras = seen.filter(({ event }) => event === 'camera');
  assert.deepEqual(cameras, [
    {
      ...{ event: 'camera', name: 'Gate  [31m1', address: '127.0.0.1', streams: [] },
      service: `http://127.0.0.1:${port}/onvif/device_service`,
    },
  ]);
  const user = { TIDEWAITER_CAMERA_USER: 'viewer', TIDEWAITER_CAMERA_PASSWORD: 'seven tides' };
  const opened = await discover(user);
  assert.equal(opened.code, 0, opened.err);
  assert.match(opened.out, /"streams":\[\{"profile":"main","url":"rtsp:\/\/127\.0\.0\.1:554\/main"\}\]/);
  assert.doesNotMatch(opened.out + opened.err, /seven tides/);
});

test('administrators of all sites find it from the console, with the same rules; nobody else asks the network', async () => {
  const house = await openHouse();
  const admin = await person(house, 'admin', '*');
  const { status, body } = await admin.call('POST', '/watch/discoveries', {
    credentials: { user: 'viewer', password: 'seven tides' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body['items'], [
    {
      ...{ name: 'Gate  [31m1', address: '127.0.0.1', problem: null },
      streams: [{ profile: 'main', url: 'rtsp://127.0.0.1:554/main' }],
    },
  ]);
  const bare = await admin.call('POST', '/watch/discoveries', { credentials: null });
  const [camera] = bare.body['items'] as unknown as Record<string, unknown>[];
  assert.deepEqual(camera?.['streams'], [], 'streams only with a password');
  const supervisor = await person(house, 'supervisor', 'pier');
  assert.equal((await supervisor.call('POST', '/watch/discoveries', { credentials: null })).status, 403);
});

test('Ctrl-C ends it at once, whatever its time limit, as it ends other commands', async () => {
  const child = spawn(
    process.execPath,
    [bin, 'watch', 'discover', '--timeout', '60', '--interface', 'lo', '--json'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let err = '';
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  await once(camera, 'message');
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(late);
  assert.deepEqual([code, signal], [130, null], 'it waited for its time limit');
  assert.match(err, /^E_CANCELLED: /);
});
