import type { FileReport } from './run-file.ts';

const marks = { passed: '✔', failed: '✖', skipped: '-' };

/** Prints outcomes as they come, counts them, and repeats the failures at the end. */
export class Tally {
  #passed = 0;
  #skipped = 0;
  readonly #failures: { readonly title: string; detail: string }[] = [];
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** @param complaint what a check found wrong, or undefined. */
  addCheck(name: string, complaint: string | undefined): void {
    this.#say(`${complaint === undefined ? marks.passed : marks.failed} ${name}`);
    if (complaint === undefined) this.#passed += 1;
    else this.#failures.push({ title: name, detail: complaint });
  }

  addFile(report: FileReport): void {
    this.#say(report.path);
    const printed = report.printed.trim();
    for (const test of report.tests) {
      const reason = test.outcome === 'skipped' ? `: ${test.detail}` : '';
      this.#say(`  ${marks[test.outcome]} ${test.name}${reason} (${test.milliseconds} ms)`);
      if (test.outcome === 'passed') this.#passed += 1;
      else if (test.outcome === 'skipped') this.#skipped += 1;
      else this.#failures.push({ title: `${report.path}: ${test.name}`, detail: test.detail });
    }
    const last = this.#failures.at(-1);
    if (printed !== '' && last?.title.startsWith(report.path) === true) {
      last.detail += `\n\nThe file printed:\n${printed}`;
    }
  }

  /** Ends the output with the line of counts. @returns true when the run is good. */
  conclude(skipIsFailure: boolean): boolean {
    const failed = this.#failures.length;
    if (failed > 0) this.#say('\nFailures');
    for (const { title, detail } of this.#failures) {
      this.#say(`\n${marks.failed} ${title}\n${detail.replaceAll(/^/gm, '    ')}`);
    }
    if (skipIsFailure && this.#skipped > 0) this.#say('\nSkipped tests count as failures under CI.');
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : '';
    this.#say(`\n${this.#passed} passed, ${failed} failed${skipped}`);
    return failed === 0 && !(skipIsFailure && this.#skipped > 0);
  }
}
