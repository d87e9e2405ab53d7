import PDFDocument from 'pdfkit';
import { drawable, registerFaces, type ReportFace } from './fonts.ts';

/** Points, 1/72 inch. */
const MARGIN = 54;
const LINE_GAP = 2.5;
const BODY_SIZE = 9.5;
const FOOTER_SIZE = 8;
const FOOTER_NUMBER_WIDTH = 90;
const CALLOUT_PADDING = 8;

/** Colours of at least 4.5 : 1 against white (WCAG 2.2, 1.4.3) where they carry text. */
export const ink = {
  text: '#1b1b1b',
  heading: '#1a3d5c',
  quiet: '#565c65',
  alert: '#a3320b',
  rule: '#c6cace',
  fill: '#eef2f6',
};

const headingSizes = [20, 13.5, 11] as const;

export interface TextStyle {
  readonly face?: ReportFace;
  /** Points. */
  readonly size?: number;
  readonly color?: string;
  /** Space below, in points. */
  readonly after?: number;
}

export interface DocumentOptions {
  readonly title: string;
  readonly subject: string;
  /** BCP 47, `en-US`. */
  readonly language: string;
  /** The document's date; nothing else in it depends on a clock, so equal content gives equal bytes. */
  readonly date: Date;
  /** Beside the number of each page. */
  readonly footer: string;
}

/**
 * A report that a screen reader can read: PDF 1.7 with PDF/UA-1 (ISO 14289-1) structure, on US Letter. Every piece of
 * content is either in the structure tree, in reading order, or marked as an artifact.
 */
export class TaggedDocument {
  /** For the parts of a report that draw themselves; see table.ts and pictures.ts. */
  readonly pdf: PDFKit.PDFDocument;
  readonly root: PDFKit.PDFStructureElement;
  readonly #footer: string;
  readonly #chunks: Buffer[] = [];

  constructor({ title, subject, language, date, footer }: DocumentOptions) {
    this.#footer = footer;
    this.pdf = new PDFDocument({
      pdfVersion: '1.7',
      // The types know the subsets of PDF/A only.
      subset: 'PDF/UA' as 'PDF/A-1',
      tagged: true,
      lang: language,
      displayTitle: true,
      bufferPages: true,
      size: 'LETTER',
      margin: MARGIN,
      // The first face must not be one of the standard fonts, which are not embedded.
      font: '',
      info: {
        Title: plain(title),
        Subject: plain(subject),
        Author: 'Tidewaiter',
        Creator: 'Tidewaiter',
        CreationDate: date,
        ModDate: date,
      },
    });
    this.pdf.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    registerFaces(this.pdf);
    this.root = this.pdf.struct('Document');
    this.pdf.addStructure(this.root);
  }

  get left(): number {
    return this.pdf.page.margins.left;
  }

  /** Width between the margins, in points. */
  get width(): number {
    return this.pdf.page.width - this.pdf.page.margins.left - this.pdf.page.margins.right;
  }

  /** The lowest line that may be drawn on. */
  get bottom(): number {
    return this.pdf.page.height - this.pdf.page.margins.bottom;
  }

  /** Begins a new page unless `height` points are left on this one. */
  ensure(height: number): void {
    if (this.pdf.y + height > this.bottom) this.pdf.addPage();
  }

  /** A heading, which is a bookmark too. @param keep points that must follow it on the same page. */
  heading(level: 1 | 2 | 3, text: string, keep = 60): void {
    const size = headingSizes[level - 1] ?? 11;
    if (level > 1 && this.pdf.y > this.pdf.page.margins.top) this.pdf.y += level === 2 ? 14 : 8;
    this.ensure(size * 1.6 + keep);
    if (level < 3)
      this.pdf.outline.addItem(text, { top: this.pdf.y - 6, left: this.pdf.page.width } as object);
    this.tagged(this.root, `H${level}`, () =>
      this.text(text, { face: 'bold', size, color: ink.heading, after: level === 1 ? 4 : 5 }),
    );
  }

  paragraph(text: string, style: TextStyle = {}): void {
    this.ensure(30);
    this.tagged(this.root, 'P', () => this.text(text, style));
  }

  /** A sentence that must not be missed. Its colour says nothing that its words do not. */
  callout(text: string, tone: 'calm' | 'alert'): void {
    const { pdf } = this;
    const style = { face: 'bold', after: 0 } as const;
    pdf.font(style.face).fontSize(BODY_SIZE);
    const inner = this.width - 2 * CALLOUT_PADDING - 4;
    const height = pdf.heightOfString(text, { width: inner, lineGap: LINE_GAP }) + 2 * CALLOUT_PADDING;
    this.ensure(height);
    const top = pdf.y;
    this.artifact(() => {
      pdf.rect(this.left, top, this.width, height).fill(ink.fill);
      pdf.rect(this.left, top, 4, height).fill(tone === 'calm' ? ink.heading : ink.alert);
    });
    this.tagged(this.root, 'P', () =>
      this.text(text, style, this.left + CALLOUT_PADDING + 4, top + CALLOUT_PADDING),
    );
    pdf.y = top + height + 6;
  }

  list(items: readonly string[]): void {
    const list = this.pdf.struct('L');
    this.root.add(list);
    for (const item of items) {
      this.ensure(24);
      const entry = this.pdf.struct('LI');
      list.add(entry);
      const top = this.pdf.y;
      this.tagged(entry, 'Lbl', () => this.text('•', {}, this.left + 4, top));
      this.tagged(entry, 'LBody', () => this.text(item, { after: 3 }, this.left + 16, top));
      entry.end();
    }
    list.end();
    this.pdf.y += 4;
  }

  /** Draws something under an element of its own. */
  tagged(
    parent: PDFKit.PDFStructureElement,
    type: string,
    draw: () => void,
    options: Record<string, unknown> = {},
  ): void {
    const element = this.pdf.struct(type, options);
    parent.add(element);
    element.add(draw);
    element.end();
  }

  /** Draws what means nothing to who cannot see it: lines, fills, running titles. */
  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.pdf.markContent('Artifact', { type });
    draw();
    this.pdf.endMarkedContent();
  }

  /** Text across the page from the present line on; what it is must be said by {@link TaggedDocument.tagged}. */
  text(text: string, style: TextStyle = {}, x = this.left, y = this.pdf.y): void {
    const { face = 'body', size = BODY_SIZE, color = ink.text, after = 6 } = style;
    const shown = drawable(this.pdf, face, text);
    this.pdf
      .fontSize(size)
      .fillColor(color)
      .text(shown, x, y, { width: this.left + this.width - x, lineGap: LINE_GAP });
    this.pdf.x = this.left;
    this.pdf.y += after;
  }

  /** The whole document, once its pages are numbered. */
  async finish(): Promise<Buffer> {
    const { start, count } = this.pdf.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.pdf.switchToPage(page);
      this.artifact(() => this.#drawFooter(page + 1, count), 'Pagination');
    }
    this.root.end();
    const ended = new Promise<void>((resolve, reject) => {
      this.pdf.on('end', resolve);
      this.pdf.on('error', reject);
    });
    this.pdf.end();
    await ended;
    return Buffer.concat(this.#chunks);
  }

  #drawFooter(page: number, count: number): void {
    const { pdf } = this;
    const y = pdf.page.height - MARGIN * 0.65;
    const { bottom } = pdf.page.margins;
    // Text below the margin would begin a new page.
    pdf.page.margins.bottom = 0;
    pdf
      .lineWidth(0.5)
      .strokeColor(ink.rule)
      .moveTo(this.left, y - 6)
      .lineTo(this.left + this.width, y - 6)
      .stroke();
    const title = this.#fitted(drawable(pdf, 'body', this.#footer), this.width - FOOTER_NUMBER_WIDTH);
    pdf.fillColor(ink.quiet).text(title, this.left, y, { lineBreak: false });
    pdf.text(`Page ${page} of ${count}`, this.left, y, { width: this.width, align: 'right' });
    pdf.page.margins.bottom = bottom;
  }

  /** The text without its middle when all of it is wider than `width` points: its end says as much as its beginning. */
  #fitted(text: string, width: number): string {
    const { pdf } = this;
    pdf.font('body').fontSize(FOOTER_SIZE);
    let shown = text;
    for (let kept = text.length - 2; pdf.widthOfString(shown) > width; kept -= 2)
      shown = `${text.slice(0, kept / 2)}…${text.slice(-kept / 2)}`;
    return shown;
  }
}

/** Titles go into XML (XMP) as they are. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/[<>&\p{Cc}]/gu, ' ');
}
