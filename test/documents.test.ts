import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { builtInModels } from '../src/models/catalog.ts';
import { detectorFamilies } from '../src/vision/families/index.ts';
import { planJsonSchema } from '../src/uses/redaction/plan.ts';
import { findProfile, profileNames } from '../src/uses/redaction/profile.ts';
import { reasonTable } from '../src/uses/redaction/reasons.ts';
import { styles } from '../src/uses/redaction/styles.ts';
import { projectRoot } from './needs.ts';

const text = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

/** The name that a heading has in an address. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function anchorsOf(path: string): string[] {
  return [...text(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading ?? ''));
}

describe('documents', () => {
  test('every link to a file or heading leads somewhere', () => {
    const documents = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md'], { cwd: projectRoot });
    assert.ok(documents.length > 10);
    for (const document of documents) {
      for (const [, target] of text(document).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target!)) continue;
        const [path, heading] = target!.split('#');
        const file = path === '' ? document : join(dirname(document), path!);
        assert.ok(existsSync(join(projectRoot, file)), `${document}: ${target}`);
        if (heading !== undefined)
          assert.ok(anchorsOf(file).includes(heading), `${document}: no heading ${target}`);
      }
    }
  });

  test('docs/plan.schema.json is what scripts/write-plan-schema.ts writes', () => {
    assert.deepEqual(
      JSON.parse(text('docs/plan.schema.json')),
      JSON.parse(JSON.stringify(planJsonSchema())),
      'run: node scripts/write-plan-schema.ts',
    );
  });

  test('docs/plan-format.md names every field of the plan', () => {
    const format = text('docs/plan-format.md');
    const names = new Set<string>();
    const collect = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties') for (const name of Object.keys(value as object)) names.add(name);
        collect(value);
      }
    };
    collect(planJsonSchema());
    assert.ok(names.size > 40);
    for (const name of names) assert.ok(format.includes(`\`${name}\``), `${name} is not explained`);
  });

  test('docs/models.md agrees with the cards of the built-in models', () => {
    const cards = text('docs/models.md');
    for (const { card, package: from } of builtInModels) {
      const [, section = ''] = cards.split(`## ${card.id}\n`);
      const own = section.split('\n## ')[0]!;
      const words = own.replaceAll(/\s+/g, ' ');
      for (const fact of [
        card.digest,
        `${from.name}@${from.version}`,
        card.family,
        card.purpose,
        card.limits,
      ])
        assert.ok(words.includes(fact), `${card.id}: ${fact}`);
    }
  });

  test('docs/bring-your-own-model.md has a section for every family', () => {
    const headings = anchorsOf('docs/bring-your-own-model.md');
    for (const family of [...Object.keys(detectorFamilies), 'db-text', 'ctc-text'])
      assert.ok(headings.includes(family), family);
  });

  test('docs/redaction.md knows every profile, style and built-in reason', () => {
    const guide = text('docs/redaction.md');
    for (const name of profileNames) {
      const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      const { effort, audio } = findProfile(name);
      assert.match(row, new RegExp(`\\| ${effort} +\\|.*\\| ${audio === 'mute' ? 'muted' : 'kept'} `), name);
    }
    for (const style of styles) assert.ok(guide.includes(`| \`${style}\``), style);
    for (const { code } of reasonTable('foia-us').reasons) assert.ok(guide.includes(code), code);
    const [, table] = /```json reasons\n([\s\S]*?)```/.exec(guide) ?? [];
    assert.equal(reasonTable('own', table).id, 'example-agency');
  });
});
