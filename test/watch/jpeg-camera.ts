import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Cameras that send pictures over HTTP, as many as ask. */
export interface JpegCameras {
  readonly url: string;
  close(): void;
}

/** @param pictures JPEGs, given one after the other, and again from the first. */
export async function serveJpegs(pictures: readonly Uint8Array[], perSecond: number): Promise<JpegCameras> {
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    let next = 0;
    const timer = setInterval(() => {
      const jpeg = pictures[next++ % pictures.length]!;
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
    }, 1000 / perSecond);
    response.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
