import { chown, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Account } from './account.ts';

/** A path of a Unix socket may have 107 bytes. */
const LONGEST_SOCKET = 100;
const SOCKET_PORT = 5432;

/** Where a server listens: the folder of a Unix socket, or 127.0.0.1, with a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A socket in a folder that only the server's account may enter, or, when its path would be too long, a free local port. */
export async function chooseAddress(folder: string): Promise<Address> {
  const host = join(folder, 'socket');
  const socket = join(host, `.s.PGSQL.${SOCKET_PORT}`);
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET) return { host, port: SOCKET_PORT };
  return { host: '127.0.0.1', port: await freePort() };
}

export function isSocket(address: Address): boolean {
  return address.host.startsWith('/');
}

/** Makes the socket's folder anew: a server that was killed leaves a lock file in it, which can name a process of others. */
export async function clearAddress(address: Address, account: Account | undefined): Promise<void> {
  if (!isSocket(address)) return;
  await rm(address.host, { recursive: true, force: true });
  await mkdir(address.host, 0o700);
  if (account !== undefined) await chown(address.host, account.uid, account.gid);
}

/** The settings of PostgreSQL for it. */
export function listenSettings(address: Address): string[] {
  return [
    `port=${address.port}`,
    ...(isSocket(address)
      ? ['listen_addresses=', `unix_socket_directories=${address.host}`, 'unix_socket_permissions=0700']
      : ['listen_addresses=127.0.0.1', 'unix_socket_directories=']),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
  return address.port;
}
