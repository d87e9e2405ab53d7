/** A damaged file to redact. */
export interface MutantTask {
  readonly input: string;
  readonly output: string;
  readonly allowDamage: boolean;
}

/** What came of it, and how much memory the worker holds now. */
export interface MutantAnswer {
  readonly outcome: 'redacted' | 'refused' | 'internal error';
  /** The error's code, or what was thrown that has none. */
  readonly said: string;
  readonly rss: number;
}
