import { writeFileSync } from 'node:fs';
import { settingsDocument } from '../src/platform/settings/document.ts';
import { formatMarkdown } from '../test/format-markdown.ts';

/** Writes docs/settings.md anew; a test says when that is due. */
const path = new URL('../docs/settings.md', import.meta.url);
writeFileSync(path, await formatMarkdown(settingsDocument()));
