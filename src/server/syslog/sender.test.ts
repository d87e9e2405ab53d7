import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { needs } from '../../../test/needs.ts';
import { eventually } from '../../../test/platform/embedded/server.ts';
import { syslogMessage, type SyslogLine } from './message.ts';
import { createSyslogSender } from './sender.ts';
import type { SyslogTarget } from './target.ts';

const refusal: SyslogLine = {
  at: new Date('2026-03-01T12:34:56.789Z'),
  severity: 'notice',
  text: 'refused.sign-in',
  event: { id: 'refused.sign-in', fields: { refusal: '7', odd: 'a "quoted" \\ ] end' } },
};
const plain: SyslogLine = {
  at: new Date('2026-03-01T12:34:57Z'),
  severity: 'info',
  text: 'Grüße,\nzwei Zeilen',
};

/** RFC 5424, section 6, as one expression: header, structured data, message. */
const abnf = new RegExp(
  [
    '^<(\\d{1,3})>1 (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?(?:Z|[+-]\\d\\d:\\d\\d))',
    ' ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32})',
    ' (-|(?:\\[[!#-<>-\\\\^-~]{1,32}(?: [!#-<>-\\\\^-~]{1,32}="(?:[^"\\\\\\]]|\\\\["\\\\\\]])*")*\\])+)(?: \\uFEFF?(.*))?$',
  ].join(''),
  's',
);

/** Cuts frames of RFC 6587 (octet counting) out of what came. */
function unframe(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    if (space === -1 || bytes.length < space + 1 + length) break;
    messages.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return messages;
}

interface Receiver {
  readonly port: number;
  readonly messages: () => string[];
  close(): Promise<void>;
}

async function receive(server: Server, port = 0): Promise<Receiver> {
  const sockets: Socket[] = [];
  const parts: Buffer[][] = [];
  const take = (socket: Socket): void => {
    const own: Buffer[] = [];
    sockets.push(socket);
    parts.push(own);
    socket.on('data', (chunk: Buffer) => own.push(chunk)).on('error', () => undefined);
  };
  server.on('secureConnection', take).on('connection', (socket: Socket) => {
    sockets.push(socket);
    if (!('setSecureContext' in server)) take(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    messages: () => parts.flatMap((own) => unframe(Buffer.concat(own))),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function at(url: string, rest: Omit<SyslogTarget, 'url'> = {}): SyslogTarget {
  return { url: new URL(url), ...rest };
}

const quiet = { onTrouble: () => undefined };

test('messages follow the grammar of RFC 5424, whatever is in them, and are cut between characters', () => {
  const origin = { host: 'host.example', pid: 42 };
  for (const line of [refusal, plain, { ...plain, text: '' }]) {
    assert.match(syslogMessage(line, origin, 2048).toString(), abnf);
  }
  const [, priority, time, host, app, pid, id, data] =
    abnf.exec(syslogMessage(refusal, origin, 2048).toString()) ?? [];
  assert.deepEqual(
    [priority, time, host, app, pid, id],
    ['85', '2026-03-01T12:34:56.789Z', 'host.example', 'tidewaiter', '42', 'refused.sign-in'],
  );
  assert.equal(data, '[tidewaiter@32473 refusal="7" odd="a \\"quoted\\" \\\\ \\] end"]');
  for (let longest = 100; longest < 130; longest++) {
    const cut = syslogMessage({ ...plain, text: 'ü€😀'.repeat(50) }, origin, longest);
    assert.ok(cut.length <= longest && !cut.toString('utf8').includes('\uFFFD'));
    assert.match(cut.toString(), abnf);
  }
});

describe('to a receiver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-syslog-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('rsyslog reads the same out of datagrams and frames', async (t) => {
    if (!needs(t, 'rsyslogd')) return;
    const port = await freePort();
    const [config, out] = [join(folder, 'rsyslog.conf'), join(folder, 'out')];
    writeFileSync(
      config,
      `module(load="imudp") module(load="imtcp")
      template(name="t" type="string" string="%pri%|%timereported:::date-rfc3339%|%app-name%|%msgid%|%structured-data%|%msg%\\n")
      ruleset(name="r") { action(type="omfile" file="${out}" template="t") }
      input(type="imudp" address="127.0.0.1" port="${port}" ruleset="r")
      input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="r")\n`,
    );
    const daemon = spawn('rsyslogd', ['-n', '-f', config, '-i', join(folder, 'pid')], { stdio: 'ignore' });
    const gone = once(daemon, 'exit');
    try {
      const lines = (): string[] =>
        existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1) : [];
      for (const [index, scheme] of ['tcp', 'udp'].entries()) {
        const sender = createSyslogSender(at(`${scheme}://127.0.0.1:${port}`), quiet);
        for (const line of [refusal, plain]) sender.send(line);
        await eventually(() => lines().length === 2 * index + 2, `rsyslog has what came over ${scheme}`);
        await sender.close();
        const [first = '', second = ''] = lines().slice(-2);
        assert.ok(
          first.startsWith('85|2026-03-01T12:34:56.789Z|tidewaiter|refused.sign-in|[tidewaiter@32473 '),
          first,
        );
        assert.ok(first.endsWith('refused.sign-in'), first);
        assert.match(second, /^30\|.*\|log\|-\|.*Grüße, zwei Zeilen$/);
      }
    } finally {
      daemon.kill('SIGTERM');
      await gone;
    }
  });

  test('over TLS only one whose certificate holds gets anything', async (t) => {
    if (!needs(t, 'openssl')) return;
    const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
    const subject = ['-subj', '/CN=siem', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ed25519',
      '-nodes',
      '-days',
      '1',
      '-keyout',
      key,
      '-out',
      certificate,
    ];
    execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
    const [ca, own] = [readFileSync(certificate), readFileSync(key)];
    const receiver = await receive(createTlsServer({ cert: ca, key: own }));
    const trouble: string[] = [];
    const url = `tls://127.0.0.1:${receiver.port}`;
    const wary = createSyslogSender(at(url), { onTrouble: (line) => trouble.push(line) });
    wary.send(refusal);
    await eventually(() => trouble.length === 1, 'a certificate that nobody trusted is refused');
    assert.match(trouble[0] ?? '', /self-signed/);
    await wary.close();
    assert.deepEqual(receiver.messages(), []);
    const sender = createSyslogSender(at(url, { ca }), quiet);
    sender.send(refusal);
    await eventually(() => receiver.messages().length === 1, 'it came');
    assert.match(receiver.messages()[0] ?? '', abnf);
    await sender.close();
    await receiver.close();
  });

  test('which was away hears the latest lines and how many were lost', async () => {
    const first = await receive(createServer());
    const trouble: string[] = [];
    const sender = createSyslogSender(at(`tcp://127.0.0.1:${first.port}`), {
      onTrouble: (line) => trouble.push(line),
      mostWaiting: 20,
    });
    sender.send({ ...plain, text: 'before' });
    await eventually(() => first.messages().length === 1, 'the first line came');
    await first.close();
    await eventually(() => trouble.length === 1, 'the outage is told');
    for (let n = 1; n <= 100; n++) sender.send({ ...plain, text: `line ${n}` });
    const second = await receive(createServer(), first.port);
    await eventually(() => second.messages().length === 21, 'what waited came');
    const texts = second.messages().map((message) => abnf.exec(message)?.[8]);
    assert.equal(texts[0], '80 lines were lost while this receiver could not be reached');
    assert.deepEqual(
      texts.slice(1),
      Array.from({ length: 20 }, (_, index) => `line ${81 + index}`),
    );
    assert.deepEqual(
      trouble.map((line) => line.replace(/ \(.*/, '')),
      [
        `syslog: 127.0.0.1:${first.port} cannot be reached`,
        `syslog: 127.0.0.1:${first.port} can be reached again`,
      ],
    );
    // What is sent last goes out when it is closed.
    sender.send({ ...plain, text: 'last' });
    await sender.close();
    await eventually(() => second.messages().length === 22, 'the last line came');
    await second.close();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
