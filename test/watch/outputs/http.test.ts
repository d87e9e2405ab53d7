import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { capAlert, capFeed, capSender } from '../../../src/uses/watch/outputs/cap.ts';
import { destination } from '../../../src/uses/watch/outputs/channel.ts';
import { inBatches } from '../../../src/uses/watch/outputs/queue.ts';
import { fill, template } from '../../../src/uses/watch/outputs/template.ts';
import { onvifSender, vmsSender } from '../../../src/uses/watch/outputs/vms.ts';
import { webhookSender } from '../../../src/uses/watch/outputs/webhook.ts';
import { context, httpReceiver, incidentMessage, outgoingOf } from './receivers.ts';

/** How the library that reads cameras' answers reads SOAP; it has no types. */
const utils = createRequire(import.meta.url)('onvif/lib/utils.js') as {
  parseSOAPString(xml: string, done: (error: Error | null, data: unknown) => void, status: number): void;
  linerase(data: unknown): unknown;
};

/** Text of the elements that an XPath finds, as libxml2 reads the document. */
function xpath(xml: string, path: string): string {
  return execFileSync('xmllint', ['--nonet', '--xpath', path, '-'], { input: xml }).toString().trimEnd();
}
const cap = (name: string): string => `string(//*[local-name()='${name}'])`;

describe('CAP 1.2', () => {
  // The published schema is not at hand: order and words of its elements are checked as the standard lists them.
  const order = ['identifier', 'sender', 'sent', 'status', 'msgType', 'scope', 'restriction'];
  const infoOrder = ['language', 'category', 'event', 'responseType', 'urgency', 'severity', 'certainty'];

  test('has the elements of the standard in its order, whatever names hold', () => {
    const xml = capAlert(incidentMessage(), { sender: 'a@b.example', earlier: [] });
    const names = (path: string): string[] =>
      [...xml.matchAll(/<(\w+)[ >]/g)].map(([, name]) => name ?? '').filter((name) => path.includes(name));
    assert.deepEqual(names(order.join(' ')).slice(0, order.length), order);
    assert.deepEqual(
      names(infoOrder.join(' ')).filter((name) => infoOrder.includes(name)),
      infoOrder,
    );
    assert.equal(xpath(xml, 'namespace-uri(/*)'), 'urn:oasis:names:tc:emergency:cap:1.2');
    const words = ['status', 'msgType', 'scope', 'category', 'urgency', 'severity', 'certainty', 'sent'];
    assert.deepEqual(
      words.map((name) => xpath(xml, cap(name))),
      [
        'Actual',
        'Alert',
        'Restricted',
        'Security',
        'Immediate',
        'Severe',
        'Possible',
        '2026-11-22T23:00:00-00:00',
      ],
    );
    assert.equal(xpath(xml, "count(//*[local-name()='evil'])"), '0');
  });

  test('updates and cancels what came before, and says when it is a test', () => {
    const earlier = [{ id: 'first', at: '2026-11-22T23:00:00.123Z' }];
    const say = (change: object, name: string): string =>
      xpath(capAlert(incidentMessage(change), { sender: 'a@b.example', earlier }), cap(name));
    assert.equal(say({ step: 'confirmed' }, 'msgType'), 'Update');
    assert.equal(say({ step: 'confirmed' }, 'certainty'), 'Observed');
    assert.equal(say({ step: 'dismissed' }, 'msgType'), 'Cancel');
    assert.equal(say({ step: 'dismissed' }, 'references'), 'a@b.example,first,2026-11-22T23:00:00-00:00');
    assert.equal(say({ status: 'test' }, 'status'), 'Test');
  });

  test('is pushed, and refused by name when the receiver will never take it', async () => {
    const good = await httpReceiver();
    const to = (url: string) => ({ kind: 'cap', url, sender: 'a@b.example' }) as const;
    await capSender(to(good.url)).send(outgoingOf(incidentMessage()), context);
    assert.equal(good.received[0]?.headers['content-type'], 'application/cap+xml');
    assert.equal(xpath(good.received[0]?.body ?? '', cap('scope')), 'Restricted');
    const bad = await httpReceiver(() => 400);
    await assert.rejects(capSender(to(bad.url)).send(outgoingOf(incidentMessage()), context), /answered 400/);
  });

  test('comes as a feed of whole alerts', () => {
    const message = incidentMessage();
    const alert = capAlert(message, { sender: 'a@b.example', earlier: [] });
    const feed = capFeed('pier', new Date(), [{ message, cap: alert }]);
    assert.equal(xpath(feed, "count(//*[local-name()='entry']/*[local-name()='content']/*)"), '1');
  });
});

describe('surveillance platforms (stand-ins)', () => {
  test('get an ONVIF event that an ONVIF library reads; several in one Notify', async () => {
    const consumer = await httpReceiver();
    const sender = onvifSender({ kind: 'onvif-event', url: consumer.url });
    const other = incidentMessage({ step: 'closed', ruleKind: 'line-crossing' });
    await sender.send(outgoingOf(incidentMessage(), other), context);
    const { body, headers } = consumer.received[0]!;
    assert.match(headers['content-type'] ?? '', /^application\/soap\+xml/);
    const parse = promisify<string, unknown>((xml, done) => utils.parseSOAPString(xml, done, 200));
    const read = JSON.stringify(utils.linerase(await parse(body)));
    const found = JSON.parse(read) as { notify: { notificationMessage: Record<string, never>[] } };
    assert.equal(found.notify.notificationMessage.length, 2);
    assert.match(read, /tns1:RuleEngine\/FieldDetector\/ObjectsInside/);
    assert.match(read, /tns1:RuleEngine\/LineDetector\/Crossed/);
    assert.match(read, /"PropertyOperation":"Initialized".*"PropertyOperation":"Deleted"/);
    assert.equal(xpath(body, "count(//*[local-name()='evil'])"), '0');
    assert.equal(xpath(body, "count(//*[local-name()='Source'])"), '2');
  });

  test('get a body of their own, in which no name becomes more than text', async () => {
    const platform = await httpReceiver();
    const send = async (form: object): Promise<string> => {
      const given = { kind: 'vms-http', url: platform.url, headers: { 'x-key': 'k1' }, template: form };
      const to = destination.parse(given);
      assert.ok(to.kind === 'vms-http');
      await vmsSender(to).send(outgoingOf(incidentMessage()), context);
      return platform.received.at(-1)?.body ?? '';
    };
    const json = JSON.parse(
      await send({ format: 'json', body: '{"a":{"cam":"at {{camera}}"},"n":1}' }),
    ) as object;
    const { name } = incidentMessage().camera;
    const shown = name.replaceAll('\r\n', ' ');
    assert.deepEqual(json, { a: { cam: `at ${shown}` }, n: 1 });
    const form = new URLSearchParams(
      await send({ format: 'form', fields: { cam: '{{camera}}', s: '{{severity}}' } }),
    );
    assert.deepEqual(
      [...form],
      [
        ['cam', shown],
        ['s', 'high'],
      ],
    );
    const xml = await send({ format: 'xml', body: '<alarm cam="{{camera}}"><t>{{text}}</t></alarm>' });
    assert.equal(xpath(xml, 'string(/alarm/@cam)'), shown);
    assert.equal(xpath(xml, 'count(//*)'), '2');
    assert.equal(platform.received[0]?.headers['x-key'], 'k1');
  });

  test('a template with a field where it could be more is refused', () => {
    const bad = [
      { format: 'json', body: '{"a": {{camera}}}' },
      { format: 'json', body: '{"a": "{{password}}"}' },
      { format: 'xml', body: '<{{camera}}/>' },
      { format: 'xml', body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' },
    ];
    for (const form of bad) assert.equal(template.safeParse(form).success, false, JSON.stringify(form));
    const filled = fill(
      { format: 'form', fields: { n: '{{count}}' } },
      outgoingOf(incidentMessage(), incidentMessage()),
    );
    assert.equal(filled.body, 'n=2');
  });
});

describe('webhooks and limits', () => {
  test('a webhook is signed as the others are; a digest holds every message', async () => {
    const receiver = await httpReceiver();
    const sender = webhookSender({ kind: 'webhook', url: receiver.url }, 'whsec_x');
    await sender.send(outgoingOf(incidentMessage(), incidentMessage({ step: 'closed' })), context);
    const { headers, body } = receiver.received[0]!;
    const [, seconds, hex] = /^t=(\d+),v1=(\w+)$/.exec(String(headers['tidewaiter-signature'])) ?? [];
    assert.equal(createHmac('sha256', 'whsec_x').update(`${seconds}.${body}`).digest('hex'), hex);
    assert.equal((JSON.parse(body) as { messages: object[] }).messages.length, 2);
  });

  test('addresses that are not open are not connected to', async () => {
    const receiver = await httpReceiver();
    for (const url of [receiver.url, receiver.url.replace('127.0.0.1', 'localhost')])
      await assert.rejects(
        webhookSender({ kind: 'webhook', url }, 'x').send(outgoingOf(incidentMessage()), {
          ...context,
          allowed: () => false,
        }),
        { code: 'E_WEBHOOK_TARGET' },
      );
    assert.equal(receiver.received.length, 0);
  });

  test('what is more than the limit is put together, and nothing is left out', () => {
    const forty = Array.from({ length: 40 }, (_, n) => n);
    assert.deepEqual(
      inBatches(forty, 6, true).map(({ length }) => length),
      [1, 1, 1, 1, 1, 35],
    );
    assert.deepEqual(inBatches(forty, 6, true).flat(), forty);
    assert.equal(inBatches(forty, 6, false).length, 6);
    assert.deepEqual(inBatches(forty, 0, true), []);
    assert.equal(inBatches(forty, Infinity, true).length, 40);
    assert.equal(inBatches(forty, 1, true)[0]?.length, 40);
  });
});
