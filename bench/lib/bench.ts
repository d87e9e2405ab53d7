/** What a bench gets from whoever runs it. */
export interface BenchContext {
  /** Short inputs and single runs, which only prove that the bench runs: its figures mean nothing then. */
  readonly short: boolean;
  /** Length of the long clip, where a bench has one. */
  readonly minutes: number;
  /** Hours of camera time, where a bench replays cameras. */
  readonly hours: number;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** Prints a line of Markdown. */
  readonly print: (line: string) => void;
}

/** One bench: prints its measurements beside their peers or limits. */
export interface Bench {
  readonly title: string;
  run(context: BenchContext): Promise<void>;
}
