import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6 } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';

/** Where messages go, and how. */
export interface SyslogTarget {
  readonly url: URL;
  /** PEM: who signs the certificate of the receiver, when the system's authorities do not. */
  readonly ca?: Buffer;
  /** PEM: our own certificate, for a receiver that asks for one. */
  readonly certificate?: Buffer;
  readonly key?: Buffer;
}

/** A way to the receiver that is open. */
export interface Channel {
  /** Resolves when more may be sent. */
  send(message: Buffer): Promise<void>;
  /** When it broke, with the reason. Never rejects. */
  readonly broken: Promise<string>;
  /** Sends what was taken, and closes. */
  close(): Promise<void>;
}

/** Receivers should take 2048 bytes in a datagram (RFC 5426, 3.2), and 8192 in a frame (RFC 5425, 4.3.1). */
export function longestMessage({ url }: SyslogTarget): number {
  return url.protocol === 'udp:' ? 2048 : 8192;
}

const usualPorts: Readonly<Record<string, number>> = { 'udp:': 514, 'tcp:': 601, 'tls:': 6514 };
const CONNECT_MS = 10_000;

/** Opens a channel. @throws what keeps it from opening. */
export async function openChannel(target: SyslogTarget): Promise<Channel> {
  const { url } = target;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (usualPorts[url.protocol] ?? 0) : Number(url.port);
  return url.protocol === 'udp:' ? datagrams(host, port) : frames(target, host, port);
}

/** RFC 5426: a message in each datagram. Whether it arrives nobody knows. */
async function datagrams(host: string, port: number): Promise<Channel> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const broken = once(socket, 'error').then(([error]) => String(error));
  socket.unref();
  await Promise.resolve();
  return {
    send: async (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, port, host, (error) => (error === null ? resolve() : reject(error)));
      }),
    broken,
    close: async () => {
      socket.close();
      return Promise.resolve();
    },
  };
}

/** RFC 6587, 3.4.1 over TCP and RFC 5425 over TLS: the length of a message goes before it. */
async function frames(target: SyslogTarget, host: string, port: number): Promise<Channel> {
  const { url, ca, certificate, key } = target;
  const socket =
    url.protocol === 'tls:'
      ? connectTls({
          host,
          port,
          minVersion: 'TLSv1.2',
          ...(ca === undefined ? {} : { ca }),
          ...(certificate === undefined ? {} : { cert: certificate }),
          ...(key === undefined ? {} : { key }),
        })
      : connectTcp({ host, port });
  let reason = 'the receiver closed the connection';
  const broken = new Promise<string>((resolve) => {
    socket.on('error', (error: Error) => {
      reason = error.message;
    });
    // What a receiver says is not looked at; but its end of the connection shows only to who reads.
    socket.resume();
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(reason));
  });
  socket.unref();
  const timer = setTimeout(() => socket.destroy(new Error('no connection in time')), CONNECT_MS);
  const opened = once(socket, url.protocol === 'tls:' ? 'secureConnect' : 'connect').then(() => true);
  opened.catch(() => undefined);
  const open = await Promise.race([opened, broken.then(() => false)]).finally(() => clearTimeout(timer));
  if (!open) throw new Error(reason);
  socket.setKeepAlive(true, 30_000);
  return {
    send: async (message) => {
      if (socket.destroyed) throw new Error(reason);
      if (socket.write(Buffer.concat([Buffer.from(`${message.length} `), message]))) return;
      await Promise.race([once(socket, 'drain'), broken.then(() => Promise.reject(new Error(reason)))]);
    },
    broken,
    close: async () => {
      socket.end();
      await broken;
    },
  };
}
