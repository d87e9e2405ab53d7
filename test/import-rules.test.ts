import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from './needs.ts';

/** Breaks every rule of the order of the rooms, once. */
const offenders: Record<string, string> = {
  'src/core/word.ts': `import { clip } from '../media/clip.ts';\nexport const word = clip;`,
  'src/media/clip.ts': `export const clip = 1;`,
  'src/stats/rate.ts': `import { clip } from '../media/clip.ts';\nexport const rate = clip;`,
  'src/models/runtime.ts': `export const load = () => import('onnxruntime-node');`,
  'src/models/session.ts': `import { Tensor } from 'onnxruntime-node';\nexport const session = Tensor;`,
  'src/models/signature.ts': `import type { Tensor } from 'onnxruntime-node';\nexport type Signature = Tensor;`,
  'src/vision/look.ts': `import { connect } from 'node:net';\nexport const look = connect;`,
  'src/host/fork.ts': `import type { Plan } from '../uses/one/plan.ts';\nexport type Fork = Plan;`,
  'src/uses/one/plan.ts': `import { other } from '../two/other.ts';\nexport type Plan = typeof other;`,
  'src/uses/two/other.ts': `import { scene } from '../../../material/scene.ts';\nexport const other = scene;`,
  'src/uses/two/other.test.ts': `import { scene } from '../../../material/scene.ts';\nexport const fine = scene;`,
  'src/uses/two/tool.ts': `import { ESLint } from 'eslint';\nexport const tool = ESLint;`,
  'src/uses/one/work.ts': `export const work = 1;`,
  'src/uses/one/pages/view.tsx': `import { work } from '../work.ts';\nexport const view = work;`,
  'src/server/page.ts': `import { view } from '../uses/one/pages/view.tsx';\nexport const page = view;`,
  'web/kit/button.tsx': `import { frame } from '../app/frame.tsx';\nexport const button = frame;`,
  'web/app/frame.tsx': `import { word } from '../../src/core/word.ts';\nexport const frame = word;`,
  'src/cli/main.ts': `import { gone } from './gone.ts';\nexport const main = gone;`,
  'src/report/one.ts': `import { two } from './two.ts';\nexport const one = (): number => two();`,
  'src/report/two.ts': `import { one } from './one.ts';\nexport const two = (): number => one();`,
  'material/scene.ts': `export const scene = 1;`,
};

test('the import rules find what they are for, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-imports-'));
  try {
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(join(projectRoot, name), join(folder, name));
    }
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(offenders)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const program = join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { stdout, status } = spawnSync(
      process.execPath,
      [program, '--config', '.dependency-cruiser.cjs', 'src', 'web', 'material'],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.notEqual(status, 0);
    const found = [...stdout.matchAll(/error ([a-z-]+): (\S+)/g)].map(([, rule, path]) => `${rule} ${path}`);
    assert.deepEqual([...new Set(found)].sort(), [
      'console-by-the-api web/app/frame.tsx',
      'core-stays-below src/core/word.ts',
      'found src/cli/main.ts',
      'host-stays-below src/host/fork.ts',
      'kit-stays-below web/kit/button.tsx',
      'no-circles src/report/one.ts',
      'no-use-imports-another src/uses/one/plan.ts',
      'only-shipped-packages src/uses/two/tool.ts',
      'pages-stand-alone src/uses/one/pages/view.tsx',
      'pure-rooms-have-no-network src/vision/look.ts',
      'runtime-made-silent-first src/models/session.ts',
      'server-without-pages src/server/page.ts',
      'src-stands-alone src/uses/two/other.ts',
      'stats-stays-below src/stats/rate.ts',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
