import { format, resolveConfig } from 'prettier';
import { projectRoot } from './needs.ts';

/** Markdown as the formatter of this project leaves it. */
export async function formatMarkdown(text: string): Promise<string> {
  const options = await resolveConfig(`${projectRoot}/docs/settings.md`);
  return format(text, { ...options, parser: 'markdown' });
}
