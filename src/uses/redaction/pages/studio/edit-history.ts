import type { Edit, Operation } from '../../review/edit.ts';

/** A person's own steps, for undoing and redoing; each is one or more edits. */
export class EditHistory {
  #done: (readonly string[])[] = [];
  #undone: (readonly string[])[] = [];

  /** An edit of the person's own from an earlier visit, in their order. */
  saw(id: string, operation: Operation): void {
    if (operation.op === 'undo') this.#done = this.#done.filter(([one]) => one !== operation.edit);
    else this.#done.push([operation.op === 'redo' ? operation.edit : id]);
  }

  did(edits: readonly Edit[]): void {
    this.#done.push(edits.map(({ id }) => id));
    this.#undone = [];
  }

  /** @param take undoes the edits, or throws; then the step stays. @returns false when there is nothing to undo. */
  undo(take: (ids: readonly string[]) => unknown): boolean {
    const step = this.#done.at(-1);
    if (step === undefined) return false;
    take(step.toReversed());
    this.#done.pop();
    this.#undone.push(step);
    return true;
  }

  redo(take: (ids: readonly string[]) => unknown): boolean {
    const step = this.#undone.at(-1);
    if (step === undefined) return false;
    take(step);
    this.#undone.pop();
    this.#done.push(step);
    return true;
  }
}
