import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from './needs.ts';

/** Codes in the text of a program, its comments left out. */
function codesIn(path: string): string[] {
  const lines = readFileSync(join(projectRoot, path), 'utf8').split('\n');
  const code = lines.filter((line) => !/^\s*(\/\*\*|\*|\/\/)/.test(line)).join('\n');
  return code.match(/\bE_[A-Z][A-Z_]*[A-Z]\b/g) ?? [];
}

test('every error code is explained in docs/errors.md, once, and no other', () => {
  const sources = globSync(['src/**/*.ts', 'bin/*.js'], { cwd: projectRoot });
  const used = new Set(sources.filter((path) => !path.endsWith('.test.ts')).flatMap(codesIn));
  // Rows of a table: | `E_CODE` | what it means | what to do |
  const rows = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8').matchAll(
    /^\| `(E_\w+)` +\| (.+) \|$/gm,
  );
  const explained = [...rows].map(([, code, text]) => {
    assert.match(text ?? '', /\S+.* \| +\S+/, `${code} lacks a meaning or a way out`);
    return code ?? '';
  });
  assert.deepEqual(explained, [...used].sort());
});
