import type { Progress, ReportProgress } from '../core/progress.ts';
import { progressBar, progressText } from './progress-line.ts';
import { Speedometer } from './speedometer.ts';

/** Shows how far a job is. */
export interface ProgressDisplay {
  readonly report: ReportProgress;
  /** Takes the display away so that other text can be written; the next report brings it back. */
  clear(): void;
}

/** Where a display writes, and the clock it goes by. */
export interface DisplayTarget {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  /** Seconds of a steady clock. */
  readonly now: () => number;
}

const barEverySeconds = 0.1;
const jsonEverySeconds = 0.25;
const textEverySeconds = 10;

/** A bar on one line of a terminal, drawn again at most ten times a second. */
export function barDisplay(target: DisplayTarget, colour: boolean): ProgressDisplay {
  const speedometer = new Speedometer();
  let drawnAt = -Infinity;
  let shown = false;
  const paint = (line: string): string => (colour ? line.replace(/#+/, '\u001b[36m$&\u001b[0m') : line);
  return {
    report(progress) {
      const now = target.now();
      const pace = speedometer.read(progress, now);
      if (now - drawnAt < barEverySeconds) return;
      drawnAt = now;
      shown = true;
      // A line as wide as the terminal would wrap.
      target.write(`\r${paint(progressBar(progress, pace, target.columns() - 1))}\u001b[K`);
    },
    clear() {
      if (shown) target.write('\r\u001b[K');
      shown = false;
    },
  };
}

/** A plain line now and then, and at the end of each stage: for logs. */
export function textDisplay(target: DisplayTarget): ProgressDisplay {
  return occasional(target, textEverySeconds, (progress, speedometer) =>
    progressText(progress, speedometer.read(progress, target.now())),
  );
}

/** A JSON line a few times a second, and at the end of each stage. */
export function jsonDisplay(target: DisplayTarget): ProgressDisplay {
  return occasional(target, jsonEverySeconds, (progress) =>
    JSON.stringify({ event: 'progress', ...progress }),
  );
}

function occasional(
  target: DisplayTarget,
  everySeconds: number,
  format: (progress: Progress, speedometer: Speedometer) => string,
): ProgressDisplay {
  const speedometer = new Speedometer();
  let written: { readonly at: number; readonly stage: string } | undefined;
  return {
    report(progress) {
      const now = target.now();
      speedometer.read(progress, now);
      const finished = progress.done === progress.total;
      const newStage = progress.stage !== written?.stage;
      if (!finished && !newStage && now - (written?.at ?? -Infinity) < everySeconds) return;
      written = { at: now, stage: progress.stage };
      target.write(`${format(progress, speedometer)}\n`);
    },
    clear() {
      // Lines that are written stay.
    },
  };
}
