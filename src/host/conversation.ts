import type { ChildProcess } from 'node:child_process';
import type { ErrorReport } from '../core/errors.ts';
import type { StallClock } from './limits.ts';
import type { ToChild, ToParent } from './wire.ts';

/** How the talk with a worker ended. */
export type Outcome =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: ErrorReport }
  /** The receiver of its messages threw. */
  | { readonly type: 'receiver-failed'; readonly error: unknown };

/** The parent's side of the talk with one worker: hands its messages on one by one and keeps its outcome. */
export class Conversation<Message> {
  #outcome: Outcome | undefined;
  #handled: Promise<void> = Promise.resolve();
  readonly #child: ChildProcess;
  readonly #clock: StallClock;
  readonly #receive: ((message: Message) => void | Promise<void>) | undefined;
  readonly #onOutcome: (outcome: Outcome) => void;

  /** @param onOutcome called once, when there is nothing more to say. */
  constructor(
    child: ChildProcess,
    clock: StallClock,
    receive: ((message: Message) => void | Promise<void>) | undefined,
    onOutcome: (outcome: Outcome) => void,
  ) {
    this.#child = child;
    this.#clock = clock;
    this.#receive = receive;
    this.#onOutcome = onOutcome;
    child.on('message', (said) => this.#hear(said as ToParent));
  }

  tell(message: ToChild): void {
    // A worker that is gone cannot hear; its exit says so soon enough.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** The outcome, once every message that came before it has been handled. */
  async outcome(): Promise<Outcome | undefined> {
    await this.#handled;
    return this.#outcome;
  }

  #hear(said: ToParent): void {
    this.#clock.reset();
    if (this.#outcome !== undefined) return;
    if (said.type === 'message') {
      this.#handled = this.#handled.then(() => this.#handle(said.message as Message, said.delivery));
    } else {
      this.#end(said);
    }
  }

  async #handle(message: Message, delivery: number | undefined): Promise<void> {
    if (this.#outcome?.type === 'receiver-failed') return;
    try {
      await this.#clock.standWhile(async () => this.#receive?.(message));
    } catch (error) {
      this.#end({ type: 'receiver-failed', error });
      return;
    }
    if (delivery !== undefined) this.tell({ type: 'handled', delivery });
  }

  #end(outcome: Outcome): void {
    this.#outcome = outcome;
    this.#onOutcome(outcome);
  }
}
