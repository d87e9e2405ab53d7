import { once } from 'node:events';
import { createTransport } from 'nodemailer';
import { openSocket } from './address.ts';
import type { DestinationOf } from './channel.ts';
import { digestLine, headline, oneLine, type AlertMessage, type Outgoing } from './message.ts';
import { Refused, type Sender } from './sender.ts';
import { xmlText } from './xml.ts';

const CONNECT_MS = 10_000;

/** Mail over SMTP: plain text and the same as simple HTML; all of an incident is one thread. */
export function emailSender(to: DestinationOf<'email'>): Sender {
  const { host, port, security, user, password = '', ca } = to;
  return {
    digests: true,
    send: async (outgoing, { allowed, signal }) => {
      const socket = openSocket(to, allowed);
      try {
        await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]) });
        const transport = createTransport({
          ...{ host, port, connection: socket, secure: security === 'tls' },
          // Never in clear when it was asked for: somebody between could strike out the offer.
          ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
          ...(user === undefined ? {} : { auth: { user, pass: password } }),
          ...(ca === undefined ? {} : { tls: { ca } }),
          ...{ greetingTimeout: CONNECT_MS, socketTimeout: CONNECT_MS },
          ...{ disableFileAccess: true, disableUrlAccess: true },
        });
        await transport.sendMail(mailOf(to, outgoing));
      } catch (error) {
        const { responseCode } = error as { readonly responseCode?: number };
        if (responseCode !== undefined && responseCode >= 550 && responseCode <= 559)
          throw new Refused(`its server answered ${responseCode}`, { cause: error });
        throw error;
      } finally {
        socket.destroy();
      }
    },
    close: () => Promise.resolve(),
  };
}

function mailOf(
  { from, to }: DestinationOf<'email'>,
  { id, messages, earlier }: Outgoing,
): Parameters<ReturnType<typeof createTransport>['sendMail']>[0] {
  const [first] = messages;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const named = (name: string): string => `<${name}@${domain}>`;
  // All of an incident refer to one id, so that they stay together also when the first came in a digest.
  const thread =
    messages.length === 1 && first.what === 'incident'
      ? [first.incident, ...earlier.map((one) => one.id)].map(named)
      : [];
  const title = messages.length === 1 ? headline(first) : digestLine(messages);
  return {
    ...{ from, to, subject: `[Tidewaiter] ${oneLine(title)}`, messageId: named(id) },
    ...(thread.length === 0 ? {} : { references: thread, inReplyTo: thread.at(-1) ?? '' }),
    // RFC 3834: no holiday notices in return.
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: messages.map(plain).join('\n\n'),
    html: page(title, messages),
  };
}

/** Names and values, as both forms show them. */
function rows(message: AlertMessage): [string, string][] {
  const common: [string, string][] = [
    ['Site', message.site],
    ['Time (UTC)', message.at],
  ];
  if (message.what === 'test') return common;
  const camera: [string, string] = ['Camera', message.camera.name];
  if (message.what === 'camera') return [...common, camera, ['State', message.state]];
  return [
    ...[...common, camera],
    ['Severity', message.severity],
    ['What happened', message.step],
    ['Rules', message.rules.join(', ')],
    ['Incident', message.incident],
    ['Message', message.id],
  ];
}

function plain(message: AlertMessage): string {
  const lines = rows(message).map(([name, value]) => `${name}: ${oneLine(value)}`);
  const link = message.what === 'camera' ? [] : [`Open: ${message.link}`];
  return [headline(message), ...lines, ...link].join('\n');
}

function page(title: string, messages: readonly AlertMessage[]): string {
  const parts = messages.map((message) => {
    const cells = rows(message).map(
      ([name, value]) =>
        `<tr><th scope="row" align="left">${name}</th><td>${xmlText(oneLine(value))}</td></tr>`,
    );
    const link =
      message.what === 'camera' ? '' : `<p><a href="${xmlText(message.link)}">Open it in the console</a></p>`;
    const heading = messages.length === 1 ? '' : `<h2>${xmlText(headline(message))}</h2>`;
    return `${heading}<table>${cells.join('')}</table>${link}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${xmlText(title)}</title></head><body><h1>${xmlText(title)}</h1>${parts.join('')}</body></html>`;
}
