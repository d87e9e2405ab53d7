/** One axis of a plot. */
export interface PlotAxis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** How a value of it is written. */
  show(value: number): string;
}

/** Round values along an axis, 4 to 10 of them: 1, 2 or 5 times a power of ten apart. */
export function roundTicks({ from, to }: Pick<PlotAxis, 'from' | 'to'>): number[] {
  const rough = (to - from) / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
