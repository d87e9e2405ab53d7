import { readFileSync } from 'node:fs';
import type PDFDocument from 'pdfkit';

/** The faces of a report. They are embedded: an accessible PDF (ISO 14289-1, 7.21.4) may not rely on the reader's. */
const files = {
  body: 'report-sans.ttf',
  bold: 'report-sans-bold.ttf',
  mono: 'report-mono.ttf',
} as const;
export type ReportFace = keyof typeof files;

/** What tells whether a face can draw a character; part of fontkit's interface. */
interface DrawableFont {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** Registers the faces that lie in assets/ at the package's root. */
export function registerFaces(document: PDFKit.PDFDocument): void {
  for (const [face, file] of Object.entries(files)) {
    document.registerFont(face, readFileSync(new URL(`../../../assets/${file}`, import.meta.url)));
  }
}

/**
 * The text as the face can draw it: a character that it lacks becomes its number (`U+4E2D`), for an empty box would say
 * nothing to anybody, and is not allowed in an accessible PDF.
 */
export function drawable(document: InstanceType<typeof PDFDocument>, face: ReportFace, text: string): string {
  document.font(face);
  const { font } = (document as unknown as { _font: { font: DrawableFont } })._font;
  return [...text.replaceAll(/\s+/g, ' ')]
    .map((character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      return font.hasGlyphForCodePoint(codePoint)
        ? character
        : `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    })
    .join('');
}
