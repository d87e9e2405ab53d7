import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readConsole, type ConsoleFile } from './files.ts';

/** Both in a clone and in the package. */
const built = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/** The console loads nothing from anywhere else, and runs no script that is not a file of its own. */
const policy = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'font-src', 'connect-src'].map((kind) => `${kind} 'self'`),
  // What a page of ours was given by name of a reason is played from its memory, and so is a live picture.
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the console where no route is: its files by their names, and its page for everything that a person opens in a browser.
 * @param folder what scripts/build-console.ts wrote; nothing is served when it is not there.
 */
export function serveConsole(server: FastifyInstance, folder = built): void {
  const files = readConsole(folder);
  const page = files?.get('/index.html');
  if (files === undefined || page === undefined) return;
  server.addHook('onRequest', async (request, reply) => {
    if (!request.is404 || (request.method !== 'GET' && request.method !== 'HEAD')) return;
    const [path = ''] = request.url.split('?', 1);
    const file = path === '/index.html' ? undefined : files.get(path);
    if (file !== undefined) {
      // A new build gives changed files new names; only the mark keeps its own.
      const lasting = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      return send(request, reply.header('cache-control', lasting), file);
    }
    if (!isNavigation(request, path)) return;
    void reply.headers({ 'cache-control': 'no-store', 'content-security-policy': policy });
    return send(request, reply, page);
  });
}

/** Somebody opens an address in a browser; a script or program that asks for what is not there is told so. */
function isNavigation({ headers }: FastifyRequest, path: string): boolean {
  if (path === '/api' || path.startsWith('/api/') || path.startsWith('/assets/')) return false;
  return headers.accept?.includes('text/html') === true;
}

function send(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { type, bytes, gzip }: ConsoleFile,
): FastifyReply {
  void reply.status(200).headers({ 'content-type': type, vary: 'accept-encoding' });
  if (gzip === undefined || headers['accept-encoding']?.includes('gzip') !== true) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(gzip);
}
