import type { TestEvent } from 'node:test/reporters';

/** One test that ended, as a line of JSON; a suite's own verdict is that of its tests and is left out. */
export type TestLine =
  | {
      readonly kind: 'test';
      /** With the names of its suites: `outer > inner > name`. */
      readonly name: string;
      readonly outcome: 'passed' | 'failed' | 'skipped';
      readonly milliseconds: number;
      /** Why it was skipped or how it failed. */
      readonly detail: string;
    }
  /** The file ran to its end. */
  | { readonly kind: 'end' };

/** A node:test reporter that the test command reads. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names: string[] = [];
  for await (const event of events) {
    if (event.type === 'test:start') names.splice(event.data.nesting, Infinity, event.data.name);
    else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const line = toLine(event, [...names.slice(0, event.data.nesting), event.data.name].join(' > '));
      if (line !== undefined) yield `${JSON.stringify(line)}\n`;
    } else if (event.type === 'test:summary') {
      yield `${JSON.stringify({ kind: 'end' } satisfies TestLine)}\n`;
    }
  }
}

type Verdict = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

function toLine(event: Verdict, name: string): TestLine | undefined {
  const { details, skip, todo } = event.data;
  const failure = event.type === 'test:fail' ? event.data.details.error : undefined;
  // A failed suite repeats its tests, unless it broke by itself.
  if (isSubtestFailure(failure)) return undefined;
  if (details.type === 'suite' && failure === undefined) return undefined;
  const milliseconds = Math.round(details.duration_ms);
  const unfinished = skip ?? todo;
  if (unfinished !== undefined && unfinished !== false) {
    const detail = unfinished === true ? 'no reason given' : unfinished;
    return { kind: 'test', name, outcome: 'skipped', milliseconds, detail };
  }
  if (failure === undefined) return { kind: 'test', name, outcome: 'passed', milliseconds, detail: '' };
  return { kind: 'test', name, outcome: 'failed', milliseconds, detail: describe(failure) };
}

function isSubtestFailure(failure: Error | undefined): boolean {
  return failure !== undefined && 'failureType' in failure && failure.failureType === 'subtestsFailed';
}

/** The stack of what was thrown, not of the runner's wrapper around it. */
function describe(failure: Error): string {
  const thrown = failure.cause instanceof Error ? failure.cause : failure;
  return thrown.stack ?? thrown.message;
}
