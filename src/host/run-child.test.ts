import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TidewaiterError } from '../core/errors.ts';
import type { Trick } from '../../test/workers/tricks.ts';
import { runChild, type RunChildOptions } from './run-child.ts';

const entry = new URL('../../test/workers/tricks.ts', import.meta.url);

function play<Result = unknown>(
  params: Trick,
  more: Partial<RunChildOptions<Trick, unknown>> = {},
): Promise<Result> {
  return runChild<Trick, Result>({ entry, params, memoryLimitBytes: 512 << 20, stallSeconds: 30, ...more });
}

function coded(code: string, text: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof TidewaiterError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    assert.notEqual(error.remedy, '');
    return true;
  };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A dead process stays as a zombie until whoever adopted it asks for its exit code.
    return (
      process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
    );
  } catch {
    return false;
  }
}

describe('a worker that works', () => {
  test('returns its result', async () => {
    assert.equal(await play({ trick: 'double', value: 21 }), 42);
  });

  test('sends messages in order and binary results whole', async () => {
    const heard: unknown[] = [];
    const result = await play(
      { trick: 'messages', value: 200 },
      { onMessage: (message) => void heard.push(message) },
    );
    assert.deepEqual(
      heard,
      Array.from({ length: 200 }, (_, index) => index),
    );
    assert.deepEqual(result, new Uint8Array([1, 2, 3]));
  });

  test('has at most one delivery under way, and a slow receiver is not taken for a stall', async () => {
    let open = 0;
    let most = 0;
    await play(
      { trick: 'deliveries', value: 4 },
      {
        stallSeconds: 1,
        onMessage: async () => {
          open += 1;
          most = Math.max(most, open);
          await sleep(400);
          open -= 1;
        },
      },
    );
    assert.equal(most, 1);
  });

  test('is told what changed while it works', async () => {
    const heard: unknown[] = [];
    let tell: (update: unknown) => void = () => assert.fail('it has not begun');
    const result = await play(
      { trick: 'updated', value: 2 },
      {
        onStarted: (told) => (tell = told),
        onMessage: (message) => {
          heard.push(message);
          tell(1);
          tell(2);
        },
      },
    );
    assert.deepEqual([heard, result], [[undefined], 2]);
    tell(3);
  });

  test('sees no secret of its parent', async () => {
    process.env['TIDEWAITER_MASTER_KEY'] = 'secret';
    process.env['NODE_OPTIONS'] = '--no-warnings';
    try {
      const environment = await play<Record<string, string>>({ trick: 'environment' });
      assert.ok('PATH' in environment);
      assert.ok(!JSON.stringify(environment).includes('secret'));
      assert.ok(!('NODE_OPTIONS' in environment));
    } finally {
      delete process.env['TIDEWAITER_MASTER_KEY'];
      delete process.env['NODE_OPTIONS'];
    }
  });

  test('exits although it left a handle open', async () => {
    assert.equal(await play({ trick: 'open-handle' }), 'done');
  });
});

describe('a worker that fails', () => {
  test('passes its own errors on', async () => {
    await assert.rejects(play({ trick: 'known-error' }), coded('E_TRICK', /The trick failed/));
  });

  test('reports a defect as internal, with the stack as its cause', async () => {
    await assert.rejects(play({ trick: 'unknown-error' }), (error) => {
      coded('E_INTERNAL', /out of tricks/)(error);
      assert.match(String((error as Error).cause), /RangeError: out of tricks\n\s+at /);
      return true;
    });
  });

  test('reports what was thrown where nobody waits', async () => {
    await assert.rejects(play({ trick: 'unhandled' }), coded('E_INTERNAL', /thrown where nobody waits/));
  });

  test('leaves the parent alive after a segmentation fault', async () => {
    await assert.rejects(
      play({ trick: 'segfault' }),
      coded('E_WORKER_DIED', /killed by SIGSEGV; its last words: about to fall/),
    );
  });

  test('leaves the parent alive after an abort', async () => {
    await assert.rejects(play({ trick: 'abort' }), coded('E_WORKER_DIED', /killed by SIGABRT/));
  });

  test('may not just exit', async () => {
    await assert.rejects(play({ trick: 'exit' }), coded('E_WORKER_DIED', /exit code 7/));
  });

  test('says which module could not be started', async () => {
    await assert.rejects(
      play({ trick: 'double' }, { entry: new URL('./no-such-worker.ts', import.meta.url) }),
      coded('E_WORKER_DIED', /Cannot find module .*no-such-worker/),
    );
  });

  test('keeps only the end of what it printed', async () => {
    await assert.rejects(play({ trick: 'chatter', value: 5000 }), (error) => {
      coded('E_WORKER_DIED', /last words: line 4999/)(error);
      assert.ok(String((error as Error).cause).length <= 8192);
      return true;
    });
  });
});

describe('limits', () => {
  test('a loop is stopped', async () => {
    await assert.rejects(
      play({ trick: 'spin' }, { stallSeconds: 1 }),
      coded('E_STALLED', /no progress for 1 second/),
    );
  });

  test('a worker that waits for ever is stopped', async () => {
    await assert.rejects(play({ trick: 'silent' }, { stallSeconds: 1 }), coded('E_STALLED', /1 second/));
  });

  test('memory outside the heap is bounded', { skip: process.platform !== 'linux' }, async () => {
    await assert.rejects(
      play({ trick: 'hog' }, { memoryLimitBytes: 200 << 20 }),
      coded('E_WORKER_MEMORY', /more than 200 MB/),
    );
  });

  test('the heap is bounded', async () => {
    await assert.rejects(
      play({ trick: 'heap-hog' }, { memoryLimitBytes: 150 << 20 }),
      coded('E_WORKER_MEMORY', /more than 150 MB/),
    );
  });
});

describe('stopping', () => {
  test('a cancelled worker may clean up', async () => {
    const cancel = new AbortController();
    await assert.rejects(
      play({ trick: 'obedient' }, { signal: cancel.signal, onMessage: () => cancel.abort() }),
      coded('E_CANCELLED', /cancelled/),
    );
  });

  test('a deaf worker is killed after the grace time', async () => {
    const cancel = new AbortController();
    await assert.rejects(
      play({ trick: 'deaf' }, { signal: cancel.signal, onMessage: () => cancel.abort() }),
      coded('E_CANCELLED', /cancelled/),
    );
  });

  test('nothing starts after a cancel', async () => {
    await assert.rejects(
      play({ trick: 'double' }, { signal: AbortSignal.abort() }),
      coded('E_CANCELLED', /cancelled/),
    );
  });

  test('an error of the receiver ends the worker and comes out as it is', async () => {
    const mine = new Error('disk full');
    await assert.rejects(
      play(
        { trick: 'deliveries', value: 10 },
        {
          onMessage: () => {
            throw mine;
          },
        },
      ),
      (error) => error === mine,
    );
  });

  test('a worker deep in a loop goes when its parent is killed', async () => {
    const parent = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../test/workers/spinning-parent.ts', import.meta.url))],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const worker = Number(line.toString());
    assert.ok(alive(worker));
    parent.kill('SIGKILL');
    await once(parent, 'close');
    // The promise is two seconds; the rest is for a busy machine.
    for (let waited = 0; waited < 10_000 && alive(worker); waited += 100) await sleep(100);
    assert.ok(!alive(worker));
  });
});
