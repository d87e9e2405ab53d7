import { basename } from 'node:path';
import { exitCode, type CommandIo } from '../../core/command.ts';
import { formatError } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import type { BatchItem } from './batch.ts';
import type { CheckReport } from './check/report.ts';
import { needsReview, type RedactOutcome } from './job.ts';
import type { OutputPaths } from './outputs.ts';

export async function summarise(items: readonly BatchItem[], io: CommandIo): Promise<number> {
  const count = (state: BatchItem['state']): number => items.filter((item) => item.state === state).length;
  const failed = items.filter((item) => item.state === 'failed');
  const review = items.filter(itemNeedsReview).length;
  const totals = { done: count('done'), kept: count('kept'), failed: failed.length, review };
  if (io.json) {
    await io.emit('result', totals);
  } else {
    const needs = review === 1 ? 'output needs' : 'outputs need';
    await io.stdout.write(
      `${totals.done} redacted, ${totals.kept} already done, ${totals.failed} failed; ${review} ${needs} review\n`,
    );
    for (const { input, error } of failed) await io.stdout.write(`  ${input}: ${formatError(error)}\n`);
    if (items.length === 0) await io.stdout.write('There was nothing to redact.\n');
  }
  return failed.length === 0 && review === 0 ? exitCode.done : exitCode.attention;
}

export async function reportItem(item: BatchItem, position: string, io: CommandIo): Promise<void> {
  if (io.json) {
    await io.emit('file', item.state === 'done' ? { ...item, outcome: undefined, ...item.outcome } : item);
    return;
  }
  const what =
    item.state === 'done'
      ? `${item.output}: ${describeRegions(item.outcome)}`
      : item.state === 'kept'
        ? `${item.output}: already done`
        : `failed: ${formatError(item.error)}`;
  const review = itemNeedsReview(item) ? '; needs review' : '';
  await io.stdout.write(`[${position}] ${item.input} -> ${what}${review}\n`);
}

function itemNeedsReview(item: BatchItem): boolean {
  if (item.state === 'failed') return false;
  return needsReview(item.state === 'done' ? item.outcome : { ...item, regions: {}, notes: [] });
}

export async function report(
  input: string,
  outputs: OutputPaths,
  outcome: RedactOutcome,
  io: CommandIo,
): Promise<void> {
  const { record } = outcome;
  if (io.json) {
    await io.emit('result', {
      input,
      plan: outputs.plan,
      regions: outcome.regions,
      notes: outcome.notes,
      ...(record === undefined
        ? {}
        : { output: outputs.media, record: outputs.record, stamp: record.stamp, check: record.check }),
    });
    return;
  }
  const lines = [
    record === undefined
      ? `Planned ${input}`
      : `Redacted ${input} (${record.frames} ${record.frames === 1 ? 'picture' : 'frames'})`,
    `  covered  ${describeRegions(outcome)}`,
    ...(record === undefined ? [] : [`  output   ${outputs.media}`]),
    `  plan     ${outputs.plan}`,
    ...(record === undefined
      ? []
      : [`  record   ${outputs.record}, ${basename(outputs.report)}, ${basename(outputs.log)}`]),
    ...(record === undefined ? [] : checkLines(record.check)),
    ...(record?.audio ?? []).map(({ mode, codec, note }) => `  sound    ${codec}: ${note ?? mode}`),
    ...outcome.notes.map((note) => `  note     ${note}`),
    ...(record?.stamp === undefined
      ? []
      : [`  ${record.stamp}: made without an agency permit; the record and the file's metadata say so.`]),
  ];
  await io.stdout.write(`${lines.join('\n')}\n`);
}

const LISTED = 8;

function checkLines(check: CheckReport | undefined): string[] {
  if (check === undefined) return ['  check    the output was not looked at again'];
  const leaks = check.findings.filter(({ level }) => level === 'leak');
  const doubts = check.findings.length - leaks.length;
  const worth =
    doubts === 0
      ? ''
      : `; ${doubts} ${doubts === 1 ? 'place is' : 'places are'} worth a look, see the record`;
  if (check.status === 'clean') return [`  check    nothing was found to be left${worth}`];
  const listed = leaks.slice(0, LISTED).map((leak) => `    ${formatTime(leak.start)}  ${leak.says}`);
  const more = leaks.length > LISTED ? [`    and ${leaks.length - LISTED} more, see the record`] : [];
  return [
    `  check    needs review: ${leaks.length} ${leaks.length === 1 ? 'place' : 'places'} where something is left${worth}`,
    ...listed,
    ...more,
  ];
}

function describeRegions(outcome: RedactOutcome): string {
  const parts = Object.entries(outcome.regions).map(([name, { covered, visible }]) =>
    visible === 0 ? `${covered} ${name}` : `${covered} ${name} (${visible} left visible)`,
  );
  return parts.length === 0 ? 'nothing was found' : parts.join(', ');
}
