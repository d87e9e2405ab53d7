import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { documentTitles, sourceWords } from './content.ts';
import type { DocumentVersion } from './documents.ts';
import { facts, shareOf, stateWords } from './words.ts';

/** Twentieths of a point: the text width of US Letter with margins of one inch. */
const TEXT_WIDTH = 9360;
const quiet = '565C65';
const alert = 'A3320B';
const heading = '1A3D5C';

/** A version for Word: headings, tables with header rows that repeat, page numbers, a language. @param names of people by id. */
export async function documentDocx(
  version: DocumentVersion,
  names: ReadonlyMap<string, string>,
): Promise<Buffer> {
  const { content } = version;
  const title = documentTitles[content.kind];
  const body: (Paragraph | Table)[] = [
    new Paragraph({ text: title, heading: HeadingLevel.TITLE }),
    new Paragraph({
      children: [new TextRun({ text: content.title.split(': ').slice(1).join(': '), bold: true })],
    }),
    new Paragraph({ children: [new TextRun({ text: stateWords(version, names), bold: true })] }),
    table(['Item', 'Entry'], facts(version, names), [1, 3.4]),
  ];
  for (const section of content.sections) {
    body.push(new Paragraph({ text: section, heading: HeadingLevel.HEADING_1 }));
    for (const answer of content.answers.filter((one) => one.section === section)) {
      body.push(new Paragraph({ text: answer.question, heading: HeadingLevel.HEADING_2 }));
      const lines = answer.text.split('\n').filter((line) => line !== '');
      for (const line of lines)
        body.push(
          lines.length > 1 ? new Paragraph({ text: line, bullet: { level: 0 } }) : new Paragraph(line),
        );
      body.push(
        new Paragraph({
          children: [
            new TextRun({
              ...{ text: sourceWords(answer, names), size: 16 },
              color: answer.source.from === 'open' ? alert : quiet,
            }),
          ],
        }),
      );
    }
    for (const one of content.tables.filter((other) => other.section === section)) {
      body.push(new Paragraph({ text: one.title, heading: HeadingLevel.HEADING_2 }));
      body.push(table(one.columns, one.rows, one.columns.map(shareOf)));
    }
  }
  const page = new TextRun({
    children: ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES],
    size: 16,
  });
  const running = new TextRun({ text: `${title}: ${content.use}, version ${version.version}    `, size: 16 });
  const document = new Document({
    title: content.title,
    subject: `Version ${version.version}, SHA-256 ${version.digest}`,
    creator: 'Tidewaiter',
    lastModifiedBy: 'Tidewaiter',
    description: stateWords(version, names),
    styles: {
      default: {
        document: {
          run: { font: 'Arial', size: 20, language: { value: 'en-US' } },
          paragraph: { spacing: { after: 80 } },
        },
        title: { run: { size: 40, bold: true, color: heading } },
        heading1: {
          run: { size: 28, bold: true, color: heading },
          paragraph: { spacing: { before: 320, after: 100 } },
        },
        heading2: {
          run: { size: 22, bold: true, color: heading },
          paragraph: { spacing: { before: 200, after: 60 } },
        },
      },
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: 12240, height: 15840 },
            margin: { top: 1440, bottom: 1440, left: 1440, right: 1440 },
          },
        },
        footers: {
          default: new Footer({
            children: [new Paragraph({ children: [running, page], alignment: AlignmentType.LEFT })],
          }),
        },
        children: body,
      },
    ],
  });
  return Packer.toBuffer(document);
}

function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  shares: readonly number[],
): Table {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const widths = shares.map((share) => Math.floor((TEXT_WIDTH * share) / total));
  const cell = (text: string, index: number, header: boolean): TableCell =>
    new TableCell({
      width: { size: widths[index] ?? 0, type: WidthType.DXA },
      margins: { top: 60, bottom: 60, left: 90, right: 90 },
      ...(header ? { shading: { fill: 'EEF2F6', type: ShadingType.CLEAR } } : {}),
      children: [new Paragraph({ children: [new TextRun({ text, size: 17, bold: header || index === 0 })] })],
    });
  return new Table({
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    columnWidths: widths,
    rows: [
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: columns.map((text, index) => cell(text, index, true)),
      }),
      ...rows.map(
        (row) =>
          new TableRow({ cantSplit: true, children: row.map((text, index) => cell(text, index, false)) }),
      ),
    ],
  });
}
