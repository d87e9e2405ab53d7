import type { Edit } from '../../review/edit.ts';

interface Kept {
  /** What the edits build on. */
  readonly revision: number;
  readonly edits: readonly Edit[];
}

/** Edits that were not sent yet, kept by the browser so that closing the page or losing the network loses nothing. */
export class PendingStore {
  readonly #name: string;

  /** Of one person: another at the same screen does not send them. */
  constructor(review: string, person: string) {
    this.#name = `tidewaiter-review:${review}:${person}`;
  }

  read(): Kept {
    try {
      const { revision, edits } = JSON.parse(localStorage.getItem(this.#name) ?? '{}') as Partial<Kept>;
      return { revision: revision ?? 0, edits: edits ?? [] };
    } catch {
      // Somebody else wrote there, or storage is forbidden.
      return { revision: 0, edits: [] };
    }
  }

  write(kept: Kept): void {
    try {
      if (kept.edits.length === 0) localStorage.removeItem(this.#name);
      else localStorage.setItem(this.#name, JSON.stringify(kept));
    } catch {
      // Full or forbidden: they are still in the page, which sends them.
    }
  }
}
