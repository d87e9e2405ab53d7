/** Looks that leaving takes for each that entering takes: boxes tremble, and a step out and in at the edge is no entry. */
const leaving = 2;

/** Who is in a zone, decided with inertia: a single look in or out changes nothing. */
export class Presence {
  readonly #inertia: number;
  readonly #states = new Map<string, { inside: boolean; run: number }>();

  /** @param inertia looks in a row that make an entry; leaving takes twice as many. */
  constructor(inertia: number) {
    this.#inertia = inertia;
  }

  /** Takes in one look at somebody. @returns true when this look completes an entry. */
  update(who: string, isIn: boolean): boolean {
    const state = this.#states.get(who) ?? { inside: false, run: 0 };
    this.#states.set(who, state);
    state.run = isIn === state.inside ? 0 : state.run + 1;
    if (state.run < this.#inertia * (state.inside ? leaving : 1)) return false;
    state.inside = isIn;
    state.run = 0;
    return isIn;
  }

  isInside(who: string): boolean {
    return this.#states.get(who)?.inside === true;
  }

  /** Forgets all but these. */
  keep(who: ReadonlySet<string>): void {
    for (const name of this.#states.keys()) if (!who.has(name)) this.#states.delete(name);
  }
}
