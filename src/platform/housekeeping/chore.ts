/** Something that the platform does by itself, again and again. */
export interface Chore {
  readonly name: string;
  readonly everySeconds: number;
  /**
   * Does it once. It may be broken off at any moment, and in the end be done twice: that must do no harm.
   * @param signal aborted when the server stops, or another process has taken it over.
   * @returns how many of what, by name.
   */
  run(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
}
