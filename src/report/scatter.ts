import { type PlotAxis, roundTicks } from './plot-axis.ts';

/** A point of a plot, with how sure its height is. */
export interface PlotPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Ends of an interval of `y`, drawn as a bar. */
  readonly low?: number;
  readonly high?: number;
  /** A limit rather than a measurement: drawn as a hollow mark, and not joined to the others. */
  readonly limit?: boolean;
}

export interface ScatterPlot {
  readonly title: string;
  /** What stands below the title, for example how many samples there were. */
  readonly note: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly points: readonly PlotPoint[];
}

const WIDTH = 860;
const HEIGHT = 520;
const FRAME = { left: 84, top: 76, right: 30, bottom: 64 };
const inner = { width: WIDTH - FRAME.left - FRAME.right, height: HEIGHT - FRAME.top - FRAME.bottom };

/** The plot as an SVG document of 860 x 520 that reads on light and dark pages; its title is there for screen readers. */
export function scatterSvg(plot: ScatterPlot): string {
  const x = scale(plot.x, inner.width, FRAME.left);
  const y = (value: number): number => FRAME.top + inner.height - scale(plot.y, inner.height, 0)(value);
  const measured = plot.points.filter(({ limit }) => limit !== true).toSorted((a, b) => a.x - b.x);
  const line = measured.map((point) => `${n(x(point.x))},${n(y(point.y))}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="plot-title plot-note" font-family="system-ui, sans-serif" font-size="14">
<title id="plot-title">${escaped(plot.title)}</title>
<desc id="plot-note">${escaped([plot.note, ...plot.points.map((point) => pointSentence(plot, point))].join(' '))}</desc>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${FRAME.left}" y="30" font-size="18" font-weight="600" fill="#1b1b1b">${escaped(plot.title)}</text>
<text x="${FRAME.left}" y="54" fill="#565c65">${escaped(plot.note)}</text>
${roundTicks(plot.x)
  .map((tick) => gridX(x(tick), plot.x.show(tick)))
  .join('\n')}
${roundTicks(plot.y)
  .map((tick) => gridY(y(tick), plot.y.show(tick)))
  .join('\n')}
<text x="${FRAME.left + inner.width / 2}" y="${HEIGHT - 16}" text-anchor="middle" fill="#1b1b1b">${escaped(plot.x.title)}</text>
<text transform="translate(22 ${FRAME.top + inner.height / 2}) rotate(-90)" text-anchor="middle" fill="#1b1b1b">${escaped(plot.y.title)}</text>
<polyline points="${line}" fill="none" stroke="#005ea2" stroke-width="1.5" stroke-dasharray="5 4"/>
${plot.points.map((point) => mark(point, x(point.x), y)).join('\n')}
</svg>
`;
}

function mark(point: PlotPoint, x: number, y: (value: number) => number): string {
  const at = y(point.y);
  const bar =
    point.low === undefined || point.high === undefined
      ? ''
      : `<path d="M ${n(x)} ${n(y(point.low))} V ${n(y(point.high))}" stroke="#005ea2" stroke-width="2"/>`;
  const sign =
    point.limit === true
      ? `<path d="M ${n(x - 7)} ${n(at)} h 14 M ${n(x)} ${n(at - 7)} v 14" stroke="#b50909" stroke-width="2"/>`
      : `<circle cx="${n(x)}" cy="${n(at)}" r="6" fill="#005ea2"/>`;
  const right = x > FRAME.left + inner.width * 0.6;
  const anchor = right ? 'end' : 'start';
  const below = point.limit === true ? 20 : -12;
  return `${bar}${sign}<text x="${n(x + (right ? -10 : 10))}" y="${n(at + below)}" text-anchor="${anchor}" fill="#1b1b1b">${escaped(point.label)}</text>`;
}

function gridX(x: number, label: string): string {
  return `<path d="M ${n(x)} ${FRAME.top} V ${FRAME.top + inner.height}" stroke="#dfe1e2"/><text x="${n(x)}" y="${FRAME.top + inner.height + 20}" text-anchor="middle" fill="#565c65">${escaped(label)}</text>`;
}

function gridY(y: number, label: string): string {
  return `<path d="M ${FRAME.left} ${n(y)} H ${FRAME.left + inner.width}" stroke="#dfe1e2"/><text x="${FRAME.left - 8}" y="${n(y + 5)}" text-anchor="end" fill="#565c65">${escaped(label)}</text>`;
}

const COLUMNS = 64;
const ROWS = 16;

/** The plot as lines of text for a terminal: measurements are letters, limits are small letters, explained below. */
export function scatterText(plot: ScatterPlot): string[] {
  const x = scale(plot.x, COLUMNS - 1, 0);
  const y = scale(plot.y, ROWS - 1, 0);
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => ' '));
  const signs = plot.points.map((point, index) => {
    const letter = String.fromCharCode(65 + (index % 26));
    return point.limit === true ? letter.toLowerCase() : letter;
  });
  for (const [index, point] of plot.points.entries()) {
    const column = Math.round(x(point.x));
    if (point.low !== undefined && point.high !== undefined) {
      for (let row = Math.round(y(point.low)); row <= Math.round(y(point.high)); row++) {
        if (cells[ROWS - 1 - row]?.[column] === ' ') cells[ROWS - 1 - row]![column] = '|';
      }
    }
    const row = cells[ROWS - 1 - Math.round(y(point.y))];
    if (row?.[column] !== undefined) row[column] = signs[index]!;
  }
  const margin = Math.max(plot.y.show(plot.y.from).length, plot.y.show(plot.y.to).length);
  const ends = [plot.x.show(plot.x.from), plot.x.show(plot.x.to)];
  return [
    `${plot.title} (${plot.note})`,
    plot.y.title,
    ...cells.map((row, index) => {
      const label = index === 0 ? plot.y.show(plot.y.to) : index === ROWS - 1 ? plot.y.show(plot.y.from) : '';
      return `${label.padStart(margin)} |${row.join('')}`.trimEnd();
    }),
    `${' '.repeat(margin)} +${'-'.repeat(COLUMNS)}`,
    `${' '.repeat(margin + 2)}${ends[0]}${(ends[1] ?? '').padStart(COLUMNS - (ends[0] ?? '').length)}`,
    `${' '.repeat(margin + 2)}${plot.x.title}`,
    ...plot.points.map((point, index) => `  ${signs[index]}  ${pointSentence(plot, point)}`),
  ];
}

function pointSentence({ x, y }: ScatterPlot, point: PlotPoint): string {
  return `${point.label}: ${y.show(point.y)} at ${x.show(point.x)}.`;
}

/** Values of an axis to lengths; what lies beyond its ends is drawn at them. */
function scale({ from, to }: PlotAxis, length: number, start: number): (value: number) => number {
  return (value) => start + (length * (Math.min(Math.max(value, from), to) - from)) / (to - from);
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
