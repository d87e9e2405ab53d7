import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { IncidentMessage, Outgoing, AlertMessage } from '../../../src/uses/watch/outputs/message.ts';
import type { SendContext } from '../../../src/uses/watch/outputs/sender.ts';

export interface Received {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands in for a receiver of HTTP: keeps what comes, and answers as it is told. */
export async function httpReceiver(answer: (body: string) => number = () => 200): Promise<{
  readonly url: string;
  readonly received: readonly Received[];
}> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const status = answer(body);
      received.push({ method: request.method ?? '', headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, received };
}

export const context: SendContext = {
  site: 'pier',
  allowed: (address) => address.startsWith('127.'),
  at: new Date(),
  signal: new AbortController().signal,
};

/** A message whose names try to be more than names. */
export function incidentMessage(change: Partial<IncidentMessage> = {}): IncidentMessage {
  return {
    ...{ id: '6d0b2f0e-0000-8000-8000-000000000001', what: 'incident', status: 'actual', site: 'pier' },
    at: '2026-11-22T23:00:00.123Z',
    camera: {
      id: '6d0b2f0e-0000-8000-8000-000000000002',
      slot: 'gate',
      name: 'Gate"}\r\nBcc: thief@example.com\r\n</tt:Source><evil a=\'&',
    },
    ...{ step: 'new', incident: '6d0b2f0e-0000-8000-8000-000000000003', severity: 'high', state: 'new' },
    ...{ rules: ['dock-entry'], ruleKind: 'zone-entry', startedAt: '2026-11-22T23:00:00.000Z' },
    link: 'https://console.example/watch/incidents/6d0b2f0e-0000-8000-8000-000000000003',
    ...change,
  };
}

export function outgoingOf(...messages: [AlertMessage, ...AlertMessage[]]): Outgoing {
  return { id: messages.length === 1 ? messages[0].id : 'digest-1', messages, earlier: [] };
}
