import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { toProblem } from '../platform/http/problem.ts';
import { faultInWords } from './fault-words.ts';
import type { Log } from './log.ts';

/** On every answer, whatever it is. */
export const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** When it is worth while to ask again for what cannot be had at the moment. */
const RETRY_SECONDS = '5';

/** Answers what goes wrong with a problem, and tells the log what is ours to mend. */
export function answerErrors(server: FastifyInstance, log: Log): void {
  server.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(requestFault(error), request.id);
    if (problem.status >= 500)
      log(
        `request ${request.id} ${request.method} ${request.routeOptions.url ?? ''}: ${faultInWords(error)}`,
        'error',
      );
    if (problem.status === 503) void reply.header('retry-after', RETRY_SECONDS);
    // What a handler said before it failed is about an answer that does not come.
    for (const name of ['content-length', 'content-disposition', 'content-range', 'etag'])
      reply.removeHeader(name);
    await reply.status(problem.status).type('application/problem+json').send(problem);
  });
  server.setNotFoundHandler(async (request, reply) => {
    const error = new TidewaiterError(
      'E_NOT_FOUND',
      'There is nothing at this address',
      'See /api for what there is.',
    );
    await reply.status(404).type('application/problem+json').send(toProblem(error, request.id));
  });
}

/** Answers an address that no route can be looked up for: hooks and the handler of errors come later than that. No body is read. */
export function answerUnroutable(error: unknown, request: string, reply: FastifyReply): void {
  const problem = toProblem(requestFault(error), request);
  const headers = { ...commonHeaders, connection: 'close' };
  void reply.status(problem.status).headers(headers).type('application/problem+json').send(problem);
}

/** Faults that the HTTP library found in a request. */
function requestFault(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error)) return error;
  const status = error.statusCode;
  if (status === 413)
    return new TidewaiterError('E_TOO_LARGE', 'The request is too large', 'Send less, or use an upload.');
  if (status === 415)
    return new TidewaiterError('E_MEDIA_TYPE', 'The body is of a kind that is not taken here', 'Send JSON.');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new TidewaiterError('E_REQUEST', error.message, 'Check the form of the request.');
  return error;
}

/** Answers what is no HTTP, or too much of it, as far as the other side still listens. */
export function answerBrokenRequest(error: Error, socket: Socket): void {
  const code = systemCode(error);
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, text] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ([431, 'The headers are too large'] as const)
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ([408, 'The request took too long to come in'] as const)
        : ([400, 'This is no request that can be read'] as const);
  const fault = new TidewaiterError('E_REQUEST', text, 'Check the form of the request.');
  const body = JSON.stringify({ ...toProblem(fault, '-'), status });
  const headers = Object.entries({
    ...commonHeaders,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${text}\r\n${lines}\r\n${body}`);
}
