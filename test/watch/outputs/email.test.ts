import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { destination } from '../../../src/uses/watch/outputs/channel.ts';
import { emailSender } from '../../../src/uses/watch/outputs/email.ts';
import type { Sender } from '../../../src/uses/watch/outputs/sender.ts';
import { context, incidentMessage, outgoingOf } from './receivers.ts';

/** A mail server with STARTTLS, whose certificate nobody signed. */
async function mailServer(
  options: object = {},
): Promise<{ port: number; mails: ParsedMail[]; to: string[][] }> {
  const [mails, to]: [ParsedMail[], string[][]] = [[], []];
  const server = new SMTPServer({
    ...{ authOptional: true, logger: false },
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'watch' && password === 'seven tides') done(null, { user: username });
      else done(new Error('wrong password'));
    },
    onData: (stream, { envelope }, done) => {
      to.push(envelope.rcptTo.map(({ address }) => address));
      simpleParser(stream).then((mail) => {
        mails.push(mail);
        done();
      }, done);
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  after(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails, to };
}

function senderTo(port: number, change: object = {}): Sender {
  const given = {
    ...{ kind: 'email', host: '127.0.0.1', port, security: 'none', from: 'watch@port.example' },
    to: ['desk@port.example'],
  };
  const parsed = destination.parse({ ...given, ...change });
  assert.ok(parsed.kind === 'email');
  return emailSender(parsed);
}

const htmlOf = ({ html }: ParsedMail): string => (typeof html === 'string' ? html : '');

describe('mail', () => {
  test('is one thread for an incident, and no name becomes a header or markup', async () => {
    const { port, mails, to } = await mailServer();
    const sender = senderTo(port);
    const first = incidentMessage();
    await sender.send(outgoingOf(first), context);
    const next = incidentMessage({ id: 'second', step: 'closed' });
    await sender.send({ ...outgoingOf(next), earlier: [{ id: first.id, at: first.at }] }, context);
    const [one, two] = mails as [ParsedMail, ParsedMail];
    assert.equal(one.messageId, `<${first.id}@port.example>`);
    assert.deepEqual(two.references, [`<${first.incident}@port.example>`, `<${first.id}@port.example>`]);
    assert.equal(two.inReplyTo, `<${first.id}@port.example>`);
    for (const mail of mails) {
      assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
      assert.equal(mail.headers.has('bcc'), false);
      assert.match(
        mail.subject ?? '',
        /^\[Tidewaiter\] high incident (new|closed): dock-entry, Gate"} Bcc: thief/,
      );
      assert.doesNotMatch(htmlOf(mail), /<evil/);
      assert.match(htmlOf(mail), /<html lang="en">.*<h1>.*<th scope="row"/s);
      assert.match(mail.text ?? '', /^Open: https:\/\/console\.example\/watch\/incidents\//m);
    }
    assert.deepEqual(to, [['desk@port.example'], ['desk@port.example']]);
  });

  test('a digest lists them all', async () => {
    const { port, mails } = await mailServer();
    const rest = Array.from({ length: 34 }, (_, n) => incidentMessage({ id: `m${n}` }));
    await senderTo(port).send(outgoingOf(incidentMessage(), ...rest), context);
    assert.equal(mails[0]?.subject, '[Tidewaiter] 35 messages of site pier');
    for (const { id } of rest) assert.match(mails[0]?.text ?? '', new RegExp(`^Message: ${id}$`, 'm'));
  });

  test('goes in clear only when that was asked for', async () => {
    const { port, mails } = await mailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await assert.rejects(
      senderTo(port, { security: 'starttls' }).send(outgoingOf(incidentMessage()), context),
    );
    assert.equal(mails.length, 0);
  });

  test('trusts no certificate that nobody signed, and signs in', async () => {
    const { port, mails } = await mailServer({ allowInsecureAuth: true });
    const strange = senderTo(port, { security: 'starttls', user: 'watch', password: 'seven tides' });
    await assert.rejects(strange.send(outgoingOf(incidentMessage()), context), /certificate|altnames/i);
    await senderTo(port, { user: 'watch', password: 'seven tides' }).send(
      outgoingOf(incidentMessage()),
      context,
    );
    assert.equal(mails.length, 1);
    const wrong = senderTo(port, { user: 'watch', password: 'x' });
    await assert.rejects(wrong.send(outgoingOf(incidentMessage()), context), /login|auth/i);
  });
});
