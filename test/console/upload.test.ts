import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { signedIn } from './signed-in.ts';

/** The browser's, of which Node has none. */
interface Given {
  readonly files: unknown;
  readonly items: { add(file: File): void };
}

const { house, things, open } = await signedIn();

describe('an upload in the console', () => {
  test('goes on where it was after the connection broke and the page was loaded anew', async () => {
    const { page } = await open();
    const file = {
      name: 'large <film>.bin',
      mimeType: 'application/octet-stream',
      buffer: randomBytes(20 * 1024 * 1024),
    };
    const offsets: string[] = [];
    await page.route('**/api/v1/uploads/*', async (route) => {
      const request = route.request();
      if (request.method() === 'PATCH') offsets.push(request.headers()['upload-offset'] ?? '');
      // The second piece is lost on the way.
      await (offsets.length === 2 && request.method() === 'PATCH' ? route.abort() : route.continue());
    });
    await page.goto(`${house.url}/cases/${things.caseId}`);
    // The same file is known by its name, size and date.
    const choose = (): Promise<void> =>
      page.getByLabel('Choose files').evaluate(
        (input, { name, text }) => {
          const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
          const { DataTransfer } = globalThis as unknown as { DataTransfer: new () => Given };
          const given = new DataTransfer();
          given.items.add(new File([bytes], name, { lastModified: 1 }));
          Object.assign(input, { files: given.files });
          (input as unknown as EventTarget).dispatchEvent(new Event('change', { bubbles: true }));
        },
        { name: file.name, text: file.buffer.toString('base64') },
      );
    await choose();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.getByRole('alert').waitFor();

    await page.reload();
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await choose();
    await page.getByRole('link', { name: file.name }).first().waitFor();
    const piece = 8 * 1024 * 1024;
    assert.deepEqual(offsets.map(Number), [0, piece, piece, 2 * piece]);
    const asset = await house.platform.db
      .selectFrom('assets')
      .select('sha256')
      .where('name', '=', file.name)
      .executeTakeFirstOrThrow();
    assert.equal(asset.sha256, createHash('sha256').update(file.buffer).digest('hex'));
  });
});
