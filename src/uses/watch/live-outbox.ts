import type { ChildContext } from '../../host/child.ts';
import type { LiveMessage } from './live-messages.ts';

/** Bytes of fragments and frames that may wait for the parent. */
const mostBytes = 16 * 2 ** 20;

/**
 * Hands messages to the parent, one after the other, without making the camera wait. Alerts, incidents, states and health
 * are never left out; of fragments and frames only so many wait: fragments are then left out up to the next key frame.
 */
export class Outbox {
  readonly #parent: Pick<ChildContext<LiveMessage>, 'deliver' | 'send' | 'signal'>;
  #sent: Promise<void> = Promise.resolve();
  #bytes = 0;
  #gap = false;
  readonly #since: number[] = [];

  constructor(parent: Pick<ChildContext<LiveMessage>, 'deliver' | 'send' | 'signal'>) {
    this.#parent = parent;
  }

  /** Milliseconds for which the oldest message waits; 0 when none does. */
  get waitingMs(): number {
    const [oldest] = this.#since;
    return oldest === undefined ? 0 : performance.now() - oldest;
  }

  put(message: LiveMessage): void {
    const bytes = bytesOf(message);
    if (bytes > 0 && this.#bytes + bytes > mostBytes) {
      this.#gap ||= message.type === 'fragment';
      return;
    }
    if (message.type === 'fragment') {
      if (this.#gap && !message.fragment.keyFrame) return;
      this.#gap = false;
    }
    this.#bytes += bytes;
    this.#since.push(performance.now());
    this.#sent = this.#sent.then(async () => {
      const { deliver, send, signal } = this.#parent;
      // Nothing waits any more once the watch is to end, but what is there is still said.
      if (signal.aborted) send(message);
      else await deliver(message).catch(() => undefined);
      this.#bytes -= bytes;
      this.#since.shift();
    });
  }

  /** Resolves when all of it was handled, or said. */
  async empty(): Promise<void> {
    await this.#sent;
  }
}

function bytesOf(message: LiveMessage): number {
  if (message.type === 'fragment') return message.fragment.bytes.length;
  if (message.type === 'masked-fragment') return message.fragment.bytes.length;
  return message.type === 'frame' || message.type === 'masked' ? message.frame.jpeg.length : 0;
}
