import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network on which what a camera sends is held back, and comes all at once. */
export interface HeldBack {
  readonly port: number;
  /** Milliseconds for which it is held back, again and again; 0: no longer. */
  hold(ms: number): void;
  close(): void;
}

/** A way over TCP to a camera on a port of this machine. */
export async function throughHeldBack(target: number): Promise<HeldBack> {
  const sockets = new Set<Socket>();
  let timer: NodeJS.Timeout | undefined;
  const held: (() => void)[] = [];
  const letGo = (): void => {
    for (const send of held.splice(0)) send();
  };
  const proxy = createServer((near) => {
    const camera = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, camera],
      [camera, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (timer !== undefined && from === camera) held.push(() => void to.write(chunk));
        else to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const hold = (ms: number): void => {
    clearInterval(timer);
    letGo();
    timer = ms > 0 ? setInterval(letGo, ms) : undefined;
  };
  return {
    port: (proxy.address() as AddressInfo).port,
    hold,
    close: () => {
      hold(0);
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
