import { drawTable } from '../../report/pdf/table.ts';
import { ink, TaggedDocument } from '../../report/pdf/tagged-document.ts';
import { documentTitles, sourceWords } from './content.ts';
import type { DocumentVersion } from './documents.ts';
import { facts, shareOf, stateWords } from './words.ts';

/** A version as an accessible PDF (PDF/UA-1). The same version gives the same bytes. @param names of people by id. */
export async function documentPdf(
  version: DocumentVersion,
  names: ReadonlyMap<string, string>,
): Promise<Buffer> {
  const { content, at, digest } = version;
  const document = new TaggedDocument({
    title: content.title,
    subject: `${documentTitles[content.kind]} of the use ${content.use}, version ${version.version}`,
    language: 'en-US',
    date: at,
    footer: `${documentTitles[content.kind]}: ${content.use} · version ${version.version} · ${digest.slice(0, 16)}...`,
  });
  document.heading(1, documentTitles[content.kind]);
  document.paragraph(content.title.split(': ').slice(1).join(': '), {
    ...{ face: 'bold', size: 12, after: 8 },
  });
  document.callout(stateWords(version, names), version.sealed_at === null ? 'alert' : 'calm');
  drawTable(document, {
    summary: 'What this document is about',
    columns: [
      { title: 'Item', share: 1 },
      { title: 'Entry', share: 3.4 },
    ],
    rows: facts(version, names),
  });
  for (const section of content.sections) {
    document.heading(2, section);
    for (const answer of content.answers.filter((one) => one.section === section)) {
      document.heading(3, answer.question, 40);
      const lines = answer.text.split('\n').filter((line) => line !== '');
      if (lines.length > 1) document.list(lines);
      else for (const line of lines) document.paragraph(line, { after: 3 });
      document.paragraph(sourceWords(answer, names), {
        ...{ size: 8, after: 8, color: answer.source.from === 'open' ? ink.alert : ink.quiet },
      });
    }
    for (const table of content.tables.filter((one) => one.section === section)) {
      document.heading(3, table.title, 90);
      drawTable(document, {
        summary: table.title,
        columns: table.columns.map((title) => ({ title, share: shareOf(title) })),
        rows: table.rows,
      });
    }
  }
  return document.finish();
}
