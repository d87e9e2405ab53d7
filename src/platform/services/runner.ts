import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidewaiterError } from '../../core/errors.ts';
import type { Connection } from '../store/database.ts';
import { reportFault } from '../store/faults.ts';
import type { ServiceKind } from './kind.ts';
import { Leases, type Leased } from './leases.ts';
import { Link } from './link.ts';
import { lost, Running, toldToEnd, type Fault } from './running.ts';
import { defaultTimes, trustedMs, type ServiceTimes } from './times.ts';

export interface ServiceRunnerOptions {
  readonly connection: Connection;
  readonly kinds: readonly ServiceKind[];
  /** Most services that this process runs at a time. */
  readonly capacity: number;
  /**
   * How many it takes up of each kind, or of a kind at one site, which goes before: `{ 'watch.camera@pier': 16 }` takes
   * nothing of other sites. By default of each kind as many as its concurrency says.
   */
  readonly takes?: Readonly<Record<string, number>>;
  /** Told when the database does not answer, or a service does not end or broke inside. The runner goes on by itself. */
  readonly onError: (error: Error) => void;
  /** For tests, which cannot wait. Must be the same in all runners of a database. */
  readonly times?: ServiceTimes;
}

type Stage = 'working' | 'draining' | 'closed';

/**
 * Runs services in this process. Any number of processes do so on one database; each service runs in one of them, and in
 * another one soon after that died.
 */
export class ServiceRunner {
  readonly id: string = randomUUID();
  readonly #options: ServiceRunnerOptions;
  readonly #times: ServiceTimes;
  readonly #kinds: ReadonlyMap<string, ServiceKind>;
  readonly #link: Link;
  readonly #leases: Leases;
  readonly #held = new Map<string, { readonly running: Running; readonly over: Promise<void> }>();
  readonly #rounds: Promise<void>;
  #stage: Stage = 'working';
  /** On the clock of `performance.now()`. */
  #nextBeat = 0;
  #woken = false;
  #wake: () => void = () => undefined;

  private constructor(options: ServiceRunnerOptions) {
    this.#options = options;
    this.#times = options.times ?? defaultTimes;
    this.#kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    this.#link = new Link(options.connection, this.#times.beatMs, () => this.#look());
    this.#leases = new Leases(this.#link, this.id, this.#times);
    this.#rounds = this.#goRound();
  }

  /** Begins to take up services. */
  static start(options: ServiceRunnerOptions): ServiceRunner {
    return new ServiceRunner(options);
  }

  /**
   * Ends what runs, and hands each service back as soon as it has ended, so that others take it up at once.
   * @param graceSeconds waits at most so long; what has not ended by then is left to its lease.
   */
  async stop(graceSeconds: number): Promise<void> {
    this.#stage = 'draining';
    const left = this.#leases.leave().catch(this.#options.onError);
    const held = [...this.#held.values()];
    for (const { running } of held) running.end(toldToEnd('This process stops'));
    await left;
    await Promise.race([
      Promise.all(held.map(({ over }) => over)),
      sleep(graceSeconds * 1000, undefined, { ref: false }),
    ]);
    this.#stage = 'closed';
    this.#look();
    await this.#link.close();
    await this.#rounds;
  }

  async #goRound(): Promise<void> {
    while (!this.#is('closed')) {
      let pause = this.#times.pollMs;
      this.#woken = false;
      try {
        await this.#round();
        pause = Math.min(pause, Math.max(0, this.#nextBeat - performance.now()));
      } catch (error) {
        if (!this.#is('closed')) this.#failed(error);
      }
      await this.#pause(pause);
    }
  }

  async #round(): Promise<void> {
    if (performance.now() >= this.#nextBeat) await this.#beat();
    await this.#check();
    if (!this.#is('working')) return;
    await this.#leases.settle();
    await this.#takeUp();
  }

  async #beat(): Promise<void> {
    // The lease counts from when the database was reached, which is after this.
    const sent = performance.now();
    if (this.#is('working')) {
      const kinds = [...this.#kinds.values()].map(({ name, concurrency }) => [name, concurrency] as const);
      await this.#leases.announce(this.#options.capacity, this.#options.takes ?? Object.fromEntries(kinds));
    }
    for (const id of await this.#leases.renew(this.#runs()))
      this.#held.get(id)?.running.trust(sent + trustedMs(this.#times));
    this.#nextBeat = sent + this.#times.beatMs;
  }

  /** Ends what is no longer held here, no longer wanted, or wanted otherwise. */
  async #check(): Promise<void> {
    const runs = this.#runs();
    if (runs.length === 0) return;
    for (const { id, generation, mine, wanted, version } of await this.#leases.check(runs)) {
      const running = this.#held.get(id)?.running;
      if (running?.leased.generation !== generation) continue;
      if (!mine) running.end(lost());
      else if (wanted === 'stopped') running.end(toldToEnd('The service was stopped'));
      else if (version !== running.leased.version) running.end(toldToEnd('The service was changed'));
    }
  }

  async #takeUp(): Promise<void> {
    const sent = performance.now();
    for (const leased of await this.#leases.claim([...this.#held.keys()])) {
      const trusted = sent + trustedMs(this.#times);
      const kind = this.#kinds.get(leased.kind);
      if (kind === undefined || !this.#is('working') || performance.now() >= trusted)
        await this.#leases.release(leased);
      else this.#begin(leased, kind, trusted);
    }
  }

  #begin(leased: Leased, kind: ServiceKind, trusted: number): void {
    const running = new Running(leased, kind, trusted, (note) => this.#leases.tell(leased, note));
    this.#held.set(leased.id, { running, over: this.#follow(running) });
  }

  async #follow(running: Running): Promise<void> {
    const { leased, signal } = running;
    let late: NodeJS.Timeout | undefined;
    const warn = (): void =>
      this.#failed(
        new TidewaiterError(
          'E_SERVICE_STUCK',
          `The service ${leased.id} (${leased.kind}) was told to end and has not ended`,
          'It is taken over when its lease is over; if it happens often, look for processes short of time or memory.',
        ),
      );
    signal.addEventListener('abort', () => {
      late = setTimeout(warn, this.#times.leaseMs - trustedMs(this.#times));
    });
    const fault = await running.ended;
    clearTimeout(late);
    try {
      await (fault === undefined ? this.#leases.release(leased) : this.#fail(leased, fault));
    } catch (error) {
      // Its lease is not renewed any more, so it is taken up when that is over.
      this.#failed(error);
    }
    this.#held.delete(leased.id);
    this.#look();
  }

  /** Who may see the service is told without its inside, which goes to the log. */
  async #fail(leased: Leased, { error }: Fault): Promise<void> {
    const told = reportFault(error, 'Give the id of the service to who runs this server.');
    if (told.code === 'E_INTERNAL') this.#failed(error);
    await this.#leases.fail(leased, told);
  }

  /** Asked, and not compared: the stage changes while a method waits. */
  #is(stage: Stage): boolean {
    return this.#stage === stage;
  }

  #runs(): Leased[] {
    return [...this.#held.values()].map(({ running }) => running.leased);
  }

  #failed(error: unknown): void {
    this.#options.onError(error instanceof Error ? error : new Error(String(error)));
  }

  /** Makes the next round begin now. */
  #look(): void {
    this.#woken = true;
    this.#wake();
  }

  async #pause(ms: number): Promise<void> {
    if (this.#woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
