import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a camera's clock does, from now on. */
export interface OffClock {
  /** Seconds added to the wall clock of its RTCP sender reports. */
  ahead: number;
  /** Seconds added to its RTP time stamps. */
  jumped: number;
  /** How fast its time stamps advance, by its own clock: 0.9 is too slow. */
  pace: number;
}

const rate = 90_000;

/**
 * A way to an RTSP server on which its clock is made wrong: reports and time stamps of RTP over TCP are written anew as they
 * pass (RFC 2326, 10.12; RFC 3550, 5.1 and 6.4.1), all else is left alone.
 */
export async function throughOffClock(
  port: number,
): Promise<{ readonly port: number; readonly clock: OffClock; close(): void }> {
  const clock: OffClock = { ahead: 0, jumped: 0, pace: 1 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let waiting: Buffer = Buffer.alloc(0);
    let first: number | undefined;
    const stampAt = (bytes: Buffer, at: number): void => {
      const stamp = bytes.readUInt32BE(at);
      first ??= stamp;
      const own = first + (stamp - first) * clock.pace + clock.jumped * rate;
      bytes.writeUInt32BE(Math.round(own) >>> 0, at);
    };
    far.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (let whole = wholeOf(waiting); whole > 0; whole = wholeOf(waiting)) {
        const part = Buffer.from(waiting.subarray(0, whole));
        waiting = waiting.subarray(whole);
        if (part[0] === 0x24 && part[1] === 0) stampAt(part, 8);
        else if (part[0] === 0x24 && part[1] === 1 && part[5] === 200) {
          part.writeUInt32BE((part.readUInt32BE(12) + clock.ahead) >>> 0, 12);
          stampAt(part, 20);
        }
        near.write(part);
      }
    });
    near.on('data', (chunk) => far.write(chunk));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    clock,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Bytes of the packet or answer that stands first, 0 when it is not all there. */
function wholeOf(bytes: Buffer): number {
  if (bytes.length < 4) return 0;
  if (bytes[0] === 0x24) {
    const length = 4 + bytes.readUInt16BE(2);
    return bytes.length < length ? 0 : length;
  }
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const [, body = '0'] = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end)) ?? [];
  const length = end + 4 + Number(body);
  return bytes.length < length ? 0 : length;
}
