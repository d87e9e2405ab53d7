import { setTimeout as sleep } from 'node:timers/promises';
import { TidewaiterError } from '../../src/core/errors.ts';
import { serveChild } from '../../src/host/child.ts';

/** A worker that behaves, or misbehaves, as its parameters say; see src/host/run-child.test.ts. */
export interface Trick {
  readonly trick:
    | 'double'
    | 'messages'
    | 'deliveries'
    | 'environment'
    | 'known-error'
    | 'unknown-error'
    | 'unhandled'
    | 'segfault'
    | 'abort'
    | 'exit'
    | 'spin'
    | 'silent'
    | 'hog'
    | 'heap-hog'
    | 'obedient'
    | 'deaf'
    | 'open-handle'
    | 'chatter'
    | 'updated';
  readonly value?: number;
}

serveChild<Trick, unknown, unknown, number>(async ({ trick, value = 0 }, context) => {
  switch (trick) {
    case 'double':
      return value * 2;
    case 'messages':
      for (let index = 0; index < value; index += 1) context.send(index);
      return new Uint8Array([1, 2, 3]);
    case 'deliveries':
      for (let index = 0; index < value; index += 1) await context.deliver(index);
      return 'all dealt with';
    case 'environment':
      return { ...process.env };
    case 'known-error':
      throw new TidewaiterError('E_TRICK', 'The trick failed', 'Try another.');
    case 'unknown-error':
      throw new RangeError('out of tricks');
    case 'unhandled':
      setTimeout(() => {
        throw new Error('thrown where nobody waits');
      }, 10);
      return sleep(60_000);
    case 'segfault':
      await say('about to fall');
      process.kill(process.pid, 'SIGSEGV');
      return sleep(60_000);
    case 'abort':
      return process.abort();
    case 'exit':
      return process.exit(7);
    case 'spin':
      context.send(process.pid);
      for (;;) Math.random();
    case 'silent':
      return sleep(60_000);
    case 'hog': {
      const kept: Buffer[] = [];
      for (;;) {
        kept.push(Buffer.alloc(4 << 20, 1));
        await sleep(5);
        context.send(kept.length);
      }
    }
    case 'heap-hog': {
      const kept: number[][] = [];
      for (;;) kept.push(new Array<number>(10_000).fill(1.5));
    }
    case 'obedient':
      context.send('ready');
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
      throw new Error('stopped half way');
    case 'deaf':
      context.send('ready');
      return sleep(60_000);
    case 'open-handle':
      setInterval(() => undefined, 1000);
      return 'done';
    case 'updated':
      context.send(context.newest());
      while ((context.newest() ?? 0) < value) await sleep(5);
      return context.newest();
    case 'chatter':
      for (let index = 0; index < value; index += 1) await say(`line ${index}`);
      process.kill(process.pid, 'SIGKILL');
      return sleep(60_000);
  }
});

function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stderr.write(`${line}\n`, () => resolve()));
}
