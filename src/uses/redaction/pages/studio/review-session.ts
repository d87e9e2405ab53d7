import {
  ProblemError,
  type LoggedRedactionEdit,
  type RedactionEdit,
  type RedactionReview,
} from '../../../../client/index.ts';
import { api } from '../../../../../web/kit/api.ts';
import { extend } from '../../review/apply.ts';
import type { ReviewBase } from '../../review/base.ts';
import type { Edit, Operation } from '../../review/edit.ts';
import { perform } from '../../review/operations.ts';
import { rebase, type Conflict } from '../../review/rebase.ts';
import type { ReviewState } from '../../review/state.ts';
import { EditHistory } from './edit-history.ts';
import { PendingStore } from './pending-store.ts';

/** Edits are gathered for so long before they are sent. */
const GATHER_MS = 300;
const RETRY_MS = 3000;
/** What the server takes in one request. */
const MOST_EDITS = 200;

/** `refused`: the server will not take them as they are; `offline`: they are kept here and sent later. */
export type Saving = 'saved' | 'saving' | 'offline' | 'refused';

/** A review as it is at this moment, with what was not sent yet. */
export interface ReviewNow {
  readonly review: RedactionReview;
  readonly state: ReviewState;
  /** Number of the last edit that the server has. */
  readonly revision: number;
  readonly saving: Saving;
  readonly waiting: number;
  readonly others: readonly { readonly person: string; readonly name: string }[];
  /** Edits of ours that were lost to those of others, until somebody has read it. */
  readonly conflicts: readonly Conflict[];
  readonly problem: unknown;
  /** Edits that others made since the page was opened. */
  readonly foreign: number;
}

/** One person's work on a review: edits take effect here at once and are sent by themselves. */
export class ReviewSession {
  readonly base: ReviewBase;
  readonly history = new EditHistory();
  readonly #person: string;
  readonly #store: PendingStore;
  readonly #listeners = new Set<() => void>();
  #log: readonly Edit[];
  #pending: readonly Edit[] = [];
  #now: ReviewNow;
  #timer: number | undefined;
  #sending = false;

  constructor(
    review: RedactionReview,
    base: ReviewBase,
    log: readonly LoggedRedactionEdit[],
    person: string,
  ) {
    this.base = base;
    this.#person = person;
    this.#log = log.map(editOf);
    this.#store = new PendingStore(review.id, person);
    const kept = this.#store.read();
    const { edits, conflicts } = rebase(
      base,
      this.#log.slice(0, kept.revision),
      this.#log.slice(kept.revision),
      kept.edits,
    );
    this.#pending = edits;
    for (const { id, by, do: operation } of log as readonly (LoggedRedactionEdit & Edit)[])
      if (by === person) this.history.saw(id, operation);
    this.#now = {
      review,
      state: extend(base, this.#log, this.#pending),
      revision: this.#log.length,
      saving: edits.length > 0 ? 'saving' : 'saved',
      waiting: edits.length,
      others: [],
      conflicts,
      problem: undefined,
      foreign: 0,
    };
  }

  /** Hears of others and sends what is left of last time. @returns ends it. */
  open(): () => void {
    const { id } = this.#now.review;
    const events = new EventSource(`/api/v1/redaction/reviews/${id}/events?after=${this.#log.length}`);
    const on = (name: string, take: (text: string) => void): void =>
      events.addEventListener(name, ({ data }: MessageEvent<string>) => take(data));
    on('edit', (text) => this.#heard([JSON.parse(text) as LoggedRedactionEdit]));
    on('review', (text) => this.#change({ review: JSON.parse(text) as RedactionReview }));
    on('presence', (text) => this.#change({ others: JSON.parse(text) as ReviewNow['others'] }));
    const online = (): void => this.#send(0);
    globalThis.addEventListener('online', online);
    if (this.#pending.length > 0) this.#send(0);
    return () => {
      events.close();
      clearTimeout(this.#timer);
      globalThis.removeEventListener('online', online);
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly now = (): ReviewNow => this.#now;

  /** All edits, those that were not sent yet last. */
  get log(): readonly Edit[] {
    return [...this.#log, ...this.#pending];
  }

  /**
   * Does operations as one step that can be undone.
   * @throws TidewaiterError for what cannot be done; nothing has changed then.
   */
  do(...operations: readonly Operation[]): void {
    const edits = this.#add(operations);
    this.history.did(edits);
  }

  /** Takes the last step back. @returns false when there is none. @throws TidewaiterError when a later edit builds on it. */
  undo(): boolean {
    return this.history.undo((ids) => this.#add(ids.map((edit) => ({ op: 'undo', edit }))));
  }

  redo(): boolean {
    return this.history.redo((ids) => this.#add(ids.map((edit) => ({ op: 'redo', edit }))));
  }

  readConflicts(): void {
    this.#change({ conflicts: [] });
  }

  /** Gives up what the server refuses. */
  dropPending(): void {
    this.#pending = [];
    this.#settle({ saving: 'saved', problem: undefined });
  }

  /** Sends what waits. @throws what kept it from being sent. */
  async flush(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#sendNow();
      if (this.#now.saving !== 'saved' && this.#now.saving !== 'saving') throw this.#now.problem;
      if (this.#sending) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** After a change of the review itself, such as its submission. */
  took(review: RedactionReview): void {
    this.#change({ review });
  }

  #add(operations: readonly Operation[]): Edit[] {
    const { base } = this;
    let state = copyOf(this.#now.state);
    const edits: Edit[] = [];
    for (const operation of operations) {
      const edit: Edit = { id: crypto.randomUUID(), do: operation };
      if (operation.op === 'undo' || operation.op === 'redo')
        state = extend(base, [...this.log, ...edits], [edit]);
      else perform(base, state, operation);
      edits.push(edit);
    }
    this.#pending = [...this.#pending, ...edits];
    this.#keep();
    this.#change({ state, waiting: this.#pending.length, saving: 'saving', problem: undefined });
    this.#send(GATHER_MS);
    return edits;
  }

  /** Edits that the server has, from wherever; those of ours among them have arrived. */
  #heard(logged: readonly LoggedRedactionEdit[]): void {
    const news = logged.filter(({ seq }) => seq > this.#log.length);
    if (news.length === 0) return;
    const conflicts = [...this.#now.conflicts];
    for (const edit of news.map(editOf)) {
      // What is ours arrived as it was; only what others did can be in the way of the rest.
      if (this.#pending.some(({ id }) => id === edit.id))
        this.#pending = this.#pending.filter(({ id }) => id !== edit.id);
      else {
        const rebased = rebase(this.base, this.#log, [edit], this.#pending);
        this.#pending = rebased.edits;
        conflicts.push(...rebased.conflicts);
      }
      this.#log = [...this.#log, edit];
    }
    const foreign = this.#now.foreign + news.filter(({ by }) => by !== this.#person).length;
    this.#settle({ conflicts, foreign });
  }

  #settle(changes: Partial<ReviewNow>): void {
    this.#keep();
    this.#change({
      state: extend(this.base, this.#log, this.#pending),
      revision: this.#log.length,
      waiting: this.#pending.length,
      ...(this.#pending.length === 0 ? { saving: 'saved' as const } : {}),
      ...changes,
    });
  }

  #send(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#sendNow(), afterMs);
  }

  async #sendNow(): Promise<void> {
    if (this.#sending || this.#pending.length === 0) return;
    this.#sending = true;
    try {
      // What is undefined in an operation is not sent: the types of the API know no undefined.
      const edits = this.#pending.slice(0, MOST_EDITS) as RedactionEdit[];
      const body = { revision: this.#log.length, edits };
      const params = { id: this.#now.review.id };
      this.#heard((await api.call('addEdits', { params, body })).body.edits);
      if (this.#pending.length > 0) this.#send(0);
    } catch (problem) {
      if (!(problem instanceof ProblemError)) {
        this.#change({ saving: 'offline', problem: undefined });
        this.#send(RETRY_MS);
        return;
      }
      const { edits } = problem.problem as { readonly edits?: readonly LoggedRedactionEdit[] };
      if (problem.problem.code !== 'E_REVIEW_CHANGED' || edits === undefined)
        return this.#change({ saving: 'refused', problem });
      this.#heard(edits);
      if (this.#pending.length > 0) this.#send(0);
    } finally {
      this.#sending = false;
    }
  }

  #keep(): void {
    this.#store.write({ revision: this.#log.length, edits: this.#pending });
  }

  #change(changes: Partial<ReviewNow>): void {
    this.#now = { ...this.#now, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function editOf({ id, do: operation }: LoggedRedactionEdit): Edit {
  return { id, do: operation as Operation };
}

/** Values of a state are never changed in place, so a copy of its maps is a copy of it. */
function copyOf({ parts, classes, sound, hushed, releases, verdicts }: ReviewState): ReviewState {
  return {
    parts: new Map(parts),
    classes: new Map(classes),
    sound,
    hushed: new Map(hushed),
    releases: new Map(releases),
    verdicts: new Map(verdicts),
  };
}
