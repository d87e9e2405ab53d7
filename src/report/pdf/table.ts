import { drawable, type ReportFace } from './fonts.ts';
import { ink, type TaggedDocument } from './tagged-document.ts';

export interface TableColumn {
  readonly title: string;
  /** Share of the width, compared with the other columns. */
  readonly share: number;
  readonly face?: ReportFace;
  readonly align?: 'left' | 'right';
}

export interface Table {
  /** What it shows; its title in the structure tree. */
  readonly summary: string;
  readonly columns: readonly TableColumn[];
  /** As many cells as columns; the first names the row. */
  readonly rows: readonly (readonly string[])[];
}

const SIZE = 8;
/** Digests are read letter by letter; 64 of them must fit on a line. */
const MONO_SIZE = 7;
const PADDING = 4;
/** A longer cell could become higher than a page, even in a narrow column. */
const LONGEST_CELL = 600;

interface PlacedColumn extends TableColumn {
  readonly x: number;
  readonly width: number;
}

/**
 * A table with header cells for columns and rows. Rows stay whole; on each further page the titles are drawn again for the
 * eye, as an artifact, so that they are read only once.
 */
export function drawTable(document: TaggedDocument, { summary, columns, rows }: Table): void {
  const { pdf, root } = document;
  const placed = place(columns, document);
  const titles = columns.map(({ title }) => title);
  document.ensure(rowHeight(document, placed, titles, true) * 3);
  const table = pdf.struct('Table', { title: summary });
  root.add(table);
  const row = (cells: readonly string[], header: boolean): void => {
    const height = rowHeight(document, placed, cells, header);
    if (pdf.y + height > document.bottom) {
      pdf.addPage();
      document.artifact(() => {
        drawBackground(document, rowHeight(document, placed, titles, true), true);
        drawCells(document, placed, titles, true);
      }, 'Pagination');
      pdf.y += rowHeight(document, placed, titles, true);
    }
    document.artifact(() => drawBackground(document, height, header));
    const element = pdf.struct('TR');
    table.add(element);
    for (const [index, column] of placed.entries()) {
      const scope = header ? { scope: 'Column' } : index === 0 ? { scope: 'Row' } : {};
      const type = header || index === 0 ? 'TH' : 'TD';
      document.tagged(element, type, () => drawCell(document, column, cells[index] ?? '', header), scope);
    }
    element.end();
    pdf.y += height;
  };
  row(titles, true);
  for (const cells of rows) row(cells, false);
  table.end();
  pdf.x = document.left;
  pdf.y += 10;
}

function place(columns: readonly TableColumn[], document: TaggedDocument): PlacedColumn[] {
  const total = columns.reduce((sum, { share }) => sum + share, 0);
  let x = document.left;
  return columns.map((column) => {
    const width = (document.width * column.share) / total;
    const at = x;
    x += width;
    return { ...column, x: at, width };
  });
}

function rowHeight(
  document: TaggedDocument,
  columns: readonly PlacedColumn[],
  cells: readonly string[],
  header: boolean,
): number {
  const heights = columns.map((column, index) => {
    const { text, options } = prepare(document, column, cells[index] ?? '', header);
    return document.pdf.heightOfString(text === '' ? ' ' : text, options);
  });
  return Math.max(...heights) + 2 * PADDING;
}

function drawCells(
  document: TaggedDocument,
  columns: readonly PlacedColumn[],
  cells: readonly string[],
  header: boolean,
): void {
  for (const [index, column] of columns.entries()) drawCell(document, column, cells[index] ?? '', header);
}

/** Leaves the present line where it was. */
function drawCell(document: TaggedDocument, column: PlacedColumn, cell: string, header: boolean): void {
  const { pdf } = document;
  const { y } = pdf;
  const { text, options } = prepare(document, column, cell, header);
  if (text !== '')
    pdf.fillColor(header ? ink.heading : ink.text).text(text, column.x + PADDING, y + PADDING, options);
  pdf.y = y;
}

/** Chooses face and size, and returns what is to be drawn. */
function prepare(
  { pdf }: TaggedDocument,
  column: PlacedColumn,
  cell: string,
  header: boolean,
): { text: string; options: PDFKit.Mixins.TextOptions } {
  const face = header ? 'bold' : (column.face ?? 'body');
  const short = cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL)} ...` : cell;
  const text = drawable(pdf, face, short);
  pdf.fontSize(face === 'mono' ? MONO_SIZE : SIZE);
  return { text, options: { width: column.width - 2 * PADDING, align: column.align ?? 'left', lineGap: 1 } };
}

function drawBackground(document: TaggedDocument, height: number, header: boolean): void {
  const { pdf, left, width } = document;
  const { y } = pdf;
  if (header) pdf.rect(left, y, width, height).fill(ink.fill);
  pdf
    .lineWidth(0.5)
    .strokeColor(ink.rule)
    .moveTo(left, y + height)
    .lineTo(left + width, y + height)
    .stroke();
}
