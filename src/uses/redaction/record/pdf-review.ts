import { ink, type TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import { chainFileName } from './seal.ts';
import type { RedactionRecord } from './schema.ts';

/** Room for the person who releases the output to say so by hand. */
export function reviewSection(document: TaggedDocument): void {
  document.heading(2, 'Review and release', 150);
  document.paragraph('I have looked at the whole output and at what the check found.', { after: 14 });
  for (const label of ['Name', 'Decision', 'Date', 'Signature']) {
    document.ensure(34);
    const { y } = document.pdf;
    document.tagged(document.root, 'P', () => document.text(`${label}:`, { after: 16 }));
    document.artifact(() =>
      document.pdf
        .lineWidth(0.7)
        .strokeColor(ink.quiet)
        .moveTo(document.left + 70, y + 11)
        .lineTo(document.left + 340, y + 11)
        .stroke(),
    );
  }
}

/** How anybody can tell that nothing was changed since. */
export function verifySection(document: TaggedDocument, { output }: RedactionRecord): void {
  document.heading(2, 'How to verify');
  document.paragraph(
    `The record, the output, the plan and this document are named with their digests in a line of ${chainFileName}, in the ` +
      'folder of the output. Each line is signed and holds the digest of the line before it. With the public key ' +
      'of who signed, anybody can check all of it without a network:',
  );
  document.paragraph(`tidewaiter verify "${output.file}" --key PUBLIC-KEY.pem`, { face: 'mono', size: 8.5 });
  document.paragraph(
    'It answers 0 when everything is as it was signed, and names the file when something was changed, removed or put in. ' +
      'The signature can be checked with OpenSSL alone; docs/records.md of the tool shows how.',
  );
}
