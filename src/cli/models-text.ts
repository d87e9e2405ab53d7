import { formatError } from '../core/errors.ts';
import type { ModelEntry } from './models-worker.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (model: ModelEntry) => string;
}

const digestLength = 12;

const columns: readonly Column[] = [
  { title: 'MODEL', width: 20, cell: ({ id }) => id },
  { title: 'VERSION', width: 15, cell: ({ version }) => version },
  { title: 'FAMILY', width: 11, cell: ({ family }) => family },
  { title: 'INPUT', width: 9, cell: ({ input }) => `${input.width}x${input.height}` },
  { title: 'DIGEST', width: digestLength, cell: ({ digest }) => digest.slice(0, digestLength) },
  { title: 'STATE', width: 13, cell: ({ state }) => state },
];

const speedColumn: Column = {
  title: 'MS/RUN',
  width: 6,
  cell: ({ speed }) => speed?.medianWallMs.toFixed(1) ?? '-',
};

const indent = '    ';

function row(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd();
}

function layout(withSpeed: boolean): readonly Column[] {
  return withSpeed ? [...columns, speedColumn] : columns;
}

/** The line above the list. */
export function modelsHeader(withSpeed: boolean): string {
  const shown = layout(withSpeed);
  return row(
    shown.map(({ title }) => title),
    shown.map(({ width }) => width),
  );
}

/** A model as a row of the table and indented lines below it; fits `width` characters unless a word is longer. */
export function modelText(model: ModelEntry, withSpeed: boolean, width: number): string {
  const shown = layout(withSpeed);
  const first = row(
    shown.map(({ cell }) => cell(model)),
    shown.map((column) => column.width),
  );
  const unclear = model.licenceClear ? '' : ' (unclear: used only when you name it)';
  const { speed, error } = model;
  const notes = [
    `${model.purpose} ${model.limits}`,
    `Licence: ${model.licence}${unclear}.`,
    `Source: ${model.source}.`,
    ...(speed === undefined
      ? []
      : [`Speed: median of ${speed.n} runs, ${speed.medianCpuMs.toFixed(1)} ms of CPU time each.`]),
    ...(error === undefined ? [] : [formatError(error)]),
  ];
  return [first, ...notes.flatMap((note) => wrapped(note, width - indent.length))].join(`\n${indent}`);
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}
