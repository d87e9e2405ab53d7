import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { confined, familyOf, strangerEnvironment, type Confinement } from './confine.ts';

/** How a process broke the rules of the test; it ends the run and fails it. */
export type FaultKind = 'start' | 'died' | 'slow' | 'time' | 'memory' | 'flood' | 'talk' | 'answer';

export class VendorFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface VendorOptions {
  readonly command: readonly string[];
  /** Its working folder, the only one it should write to. */
  readonly folder: string;
  readonly confinement: Confinement;
  /** Folders that it must not see. */
  readonly hidden: readonly string[];
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}

/** An answer is at most this long. */
const LONGEST_LINE = 4 * 2 ** 20;
const LOOK_MS = 200;

/**
 * A stranger's process that is asked one line at a time and answers each with one. Whatever it does instead, such as hanging,
 * flooding, dying, talking unasked or growing, becomes a {@link VendorFault}; `close` leaves nothing of it behind.
 */
export class VendorProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<unknown>;
  readonly #fault = Promise.withResolvers<never>();
  readonly #watch: NodeJS.Timeout;
  #pieces: Buffer[] = [];
  #length = 0;
  #waiting: ((line: string) => void) | undefined;
  #looking = false;

  constructor({ command, folder, confinement, hidden, memoryBytes, signal }: VendorOptions) {
    const [program = '', ...args] = confinement === 'namespaces' ? confined(command, hidden) : command;
    this.#child = spawn(program, args, {
      cwd: folder,
      env: strangerEnvironment(folder),
      // What it says on standard error is nobody's business here: it could be anything, and without end.
      stdio: ['pipe', 'pipe', 'ignore'],
      // A group of its own, so that all of it can be ended.
      detached: true,
    });
    this.#ended = once(this.#child, 'close').catch(() => undefined);
    this.#fault.promise.catch(() => undefined);
    const fail = (kind: FaultKind, message: string): void =>
      this.#fault.reject(new VendorFault(kind, message));
    this.#child.on('error', () => fail('start', 'it could not be started'));
    this.#child.on('close', (code, by) =>
      fail('died', by === null ? `it ended by itself with ${code}` : `it died of ${by}`),
    );
    // What is written to one that died is lost; that it died is told by the line above.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (piece: Buffer) => this.#read(piece, fail));
    signal.addEventListener('abort', () => this.#fault.reject(signal.reason as Error), { once: true });
    if (signal.aborted) this.#fault.reject(signal.reason as Error);
    this.#watch = setInterval(() => void this.#weigh(memoryBytes, fail), LOOK_MS);
  }

  /** Says a line and waits for the one that answers it. @throws VendorFault */
  async ask(message: object, seconds: number, kind: 'start' | 'slow' = 'slow'): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting = resolve;
    this.tell(message);
    const timer = setTimeout(
      () => this.#fault.reject(new VendorFault(kind, `it did not answer within ${seconds} s`)),
      seconds * 1000,
    );
    try {
      return await Promise.race([promise, this.#fault.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  tell(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends it and all that it started, and waits until they are gone. */
  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#child.stdout.removeAllListeners('data');
    this.#child.stdout.destroy();
    this.#child.stdin.destroy();
    const { pid } = this.#child;
    // One may start another while we look: until none is left.
    for (
      let left = pid === undefined ? [] : await membersOf(pid);
      left.length > 0;
      left = await membersOf(pid ?? 0)
    )
      for (const each of left) kill(each);
    await this.#ended;
  }

  #read(piece: Buffer, fail: (kind: FaultKind, message: string) => void): void {
    const end = piece.indexOf(10);
    this.#length += end < 0 ? piece.length : end;
    if (this.#length > LONGEST_LINE) {
      this.#child.stdout.removeAllListeners('data').pause();
      fail('flood', `it wrote more than ${LONGEST_LINE} bytes in one line`);
      return;
    }
    if (end < 0) {
      this.#pieces.push(piece);
      return;
    }
    const line = Buffer.concat([...this.#pieces, piece.subarray(0, end)]).toString('utf8');
    const resolve = this.#waiting;
    [this.#pieces, this.#length, this.#waiting] = [[], 0, undefined];
    if (resolve === undefined || end < piece.length - 1) {
      this.#child.stdout.removeAllListeners('data').pause();
      fail('talk', 'it wrote a line that nobody had asked for');
      return;
    }
    resolve(line);
  }

  async #weigh(most: number, fail: (kind: FaultKind, message: string) => void): Promise<void> {
    if (this.#looking || this.#child.pid === undefined) return;
    this.#looking = true;
    const { bytes } = await familyOf(this.#child.pid);
    this.#looking = false;
    if (bytes > most) fail('memory', `it took more than ${Math.round(most / 2 ** 20)} MiB of memory`);
  }
}

/** Who of a family runs still; the leader's number may be another's by the time its family is gone. */
async function membersOf(leader: number): Promise<readonly number[]> {
  return (await familyOf(leader)).pids;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}
