import { ink, type TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import { rateText } from './words.ts';

export interface DetCurve {
  readonly name: string;
  readonly points: readonly { readonly fmr: number; readonly fnmr: number }[];
}

/** Points, 1/72 inch. */
const HEIGHT = 300;
const FRAME = { left: 52, right: 12, top: 10, bottom: 40 };
const LEGEND = { width: 110, line: 13, key: 26 };
/** Told apart by dashes as well as by colour; at least 3 : 1 against white. */
const pens: readonly { readonly color: string; readonly dash: readonly number[] }[] = [
  { color: '#1b1b1b', dash: [] },
  { color: '#005ea2', dash: [6, 2] },
  { color: '#b50909', dash: [2, 2] },
  { color: '#008817', dash: [8, 2, 2, 2] },
  { color: '#8168b3', dash: [4, 4] },
  { color: '#936f38', dash: [1, 2] },
  { color: '#c05600', dash: [10, 3] },
  { color: '#07648d', dash: [5, 1, 1, 1] },
];
/** More curves than pens would not be told apart. */
export const MOST_CURVES = pens.length;

/** Detection error trade-off curves on logarithmic axes, as one figure of the document. */
export function drawDet(
  document: TaggedDocument,
  curves: readonly DetCurve[],
  at: { fmr: number; fnmr: number },
): void {
  const { pdf } = document;
  document.ensure(HEIGHT);
  const top = pdf.y;
  const box = {
    left: document.left + FRAME.left,
    top: top + FRAME.top,
    width: document.width - FRAME.left - FRAME.right,
    height: HEIGHT - FRAME.top - FRAME.bottom,
  };
  const points = curves.flatMap((curve) => curve.points);
  const x = axis(
    points.map(({ fmr }) => fmr),
    box.left,
    box.width,
  );
  const y = axis(
    points.map(({ fnmr }) => fnmr),
    box.top + box.height,
    -box.height,
  );
  const draw = (): void => {
    drawGrid(document, box, x, y);
    for (const [index, { points: of }] of curves.entries()) drawCurve(document, of, pens[index]!, x, y);
    if (at.fmr > 0 && at.fnmr > 0)
      pdf.lineWidth(1).strokeColor(ink.text).circle(x.place(at.fmr), y.place(at.fnmr), 4).stroke();
    drawLegend(document, curves, box);
  };
  document.tagged(document.root, 'Figure', draw, {
    alt: altText(curves, at),
    bbox: [document.left, top, document.left + document.width, top + HEIGHT],
    placement: 'Block',
  });
  pdf.x = document.left;
  pdf.y = top + HEIGHT;
}

interface LogAxis {
  /** Whole powers of ten. */
  readonly ticks: readonly number[];
  place(value: number): number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** From the power of ten below the smallest value above zero up to one. */
function axis(values: readonly number[], start: number, length: number): LogAxis {
  const smallest = Math.min(...values.filter((value) => value > 0), 0.1);
  const decades = Math.ceil(-Math.log10(smallest) - 1e-9);
  return {
    ticks: Array.from({ length: decades + 1 }, (_, index) => index - decades),
    place: (value) => start + (length * (Math.log10(value) + decades)) / decades,
  };
}

function drawGrid({ pdf }: TaggedDocument, box: Box, x: LogAxis, y: LogAxis): void {
  pdf.font('body').fontSize(8).lineWidth(0.5);
  const label = (power: number): string =>
    power === 0 ? '1' : power >= -3 ? String(10 ** power) : `1e${power}`;
  for (const power of x.ticks) {
    const at = x.place(10 ** power);
    pdf
      .strokeColor(ink.rule)
      .moveTo(at, box.top)
      .lineTo(at, box.top + box.height)
      .stroke();
    pdf
      .fillColor(ink.quiet)
      .text(label(power), at - 20, box.top + box.height + 5, { width: 40, align: 'center' });
  }
  for (const power of y.ticks) {
    const at = y.place(10 ** power);
    pdf
      .strokeColor(ink.rule)
      .moveTo(box.left, at)
      .lineTo(box.left + box.width, at)
      .stroke();
    pdf.fillColor(ink.quiet).text(label(power), box.left - 44, at - 5, { width: 38, align: 'right' });
  }
  const middle = box.top + box.height / 2;
  pdf.fillColor(ink.text).text('False match rate', box.left, box.top + box.height + 20, {
    width: box.width,
    align: 'center',
  });
  pdf.save().rotate(-90, { origin: [box.left - 46, middle] });
  pdf.text('False non-match rate', box.left - 106, middle - 5, { width: 120, align: 'center' }).restore();
}

function drawCurve(
  { pdf }: TaggedDocument,
  points: DetCurve['points'],
  { color, dash }: (typeof pens)[number],
  x: LogAxis,
  y: LogAxis,
): void {
  // Zero has no place on a logarithmic axis.
  const shown = points.filter(({ fmr, fnmr }) => fmr > 0 && fnmr > 0);
  if (shown.length < 2) return;
  pdf.save().lineWidth(1.4).strokeColor(color);
  if (dash.length > 0) pdf.dash(dash as unknown as number, {});
  for (const [index, { fmr, fnmr }] of shown.entries())
    if (index === 0) pdf.moveTo(x.place(fmr), y.place(fnmr));
    else pdf.lineTo(x.place(fmr), y.place(fnmr));
  pdf.stroke().undash().restore();
}

function drawLegend({ pdf }: TaggedDocument, curves: readonly DetCurve[], box: Box): void {
  const left = box.left + box.width - LEGEND.width;
  const height = curves.length * LEGEND.line + 6;
  pdf.lineWidth(0.5).rect(left, box.top, LEGEND.width, height).fillAndStroke('#ffffff', ink.rule);
  for (const [index, { name }] of curves.entries()) {
    const { color, dash } = pens[index]!;
    const at = box.top + 3 + (index + 0.5) * LEGEND.line;
    pdf.save().lineWidth(1.4).strokeColor(color);
    if (dash.length > 0) pdf.dash(dash as unknown as number, {});
    pdf
      .moveTo(left + 5, at)
      .lineTo(left + 5 + LEGEND.key, at)
      .stroke()
      .undash()
      .restore();
    pdf
      .fontSize(8)
      .fillColor(ink.text)
      .text(name, left + 10 + LEGEND.key, at - 5, {
        width: LEGEND.width - LEGEND.key - 12,
        height: 10,
        ellipsis: true,
        lineBreak: false,
      });
  }
}

function altText(curves: readonly DetCurve[], at: { fmr: number; fnmr: number }): string {
  const names = curves.map(({ name }) => name).join(', ');
  return `Detection error trade-off on logarithmic axes for ${names}: false non-match rate against false match rate. At the threshold of the test a circle marks a false match rate of ${rateText(at.fmr)} and a false non-match rate of ${rateText(at.fnmr)} over all. The tables hold the figures.`;
}
