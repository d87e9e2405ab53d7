import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { formatMarkdown } from '../../../test/format-markdown.ts';
import { projectRoot } from '../../../test/needs.ts';
import { formatError, TidewaiterError } from '../../core/errors.ts';
import { settingsDocument } from './document.ts';
import { readSettings, type Settings } from './settings.ts';

describe('settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-settings-'));
  after(() => rmSync(folder, { recursive: true }));
  const read = (text: string, environment: NodeJS.ProcessEnv = {}): Promise<Settings> => {
    writeFileSync(join(folder, 'tidewaiter.yaml'), text);
    return readSettings(environment, folder);
  };

  test('all have a value that holds when they are not set', async () => {
    const settings = await readSettings({}, join(folder, 'nothing-here'));
    assert.deepEqual(settings.listen, { host: '127.0.0.1', port: 8420 });
    assert.equal(settings.sessions.idleMinutes, 15);
    assert.equal(settings.database.url, undefined);
    assert.match(settings.data, /^\/.*tidewaiter$/);
  });

  test('come from the file, and above it from the environment', async () => {
    const text = 'listen:\n  port: 9000\n  host: "::1"\ndata: here\n';
    const settings = await read(text, { TIDEWAITER_PORT: '9001', TIDEWAITER_LOG_LEVEL: 'warn' });
    assert.deepEqual(settings.listen, { host: '::1', port: 9001 });
    assert.deepEqual([settings.log.level, settings.data], ['warn', join(folder, 'here')]);
  });

  test('that are wrong are named with the line or the variable they stand in', async () => {
    const cases: readonly (readonly [string, NodeJS.ProcessEnv, RegExp])[] = [
      ['listen:\n  port: 99999\n', {}, /tidewaiter\.yaml, line 2: listen\.port: /],
      ['listen:\n\n  prot: 80\n', {}, /tidewaiter\.yaml, line 3: listen\.prot: there is no such setting/],
      ['jobs: [1]\n', {}, /tidewaiter\.yaml, line 1: jobs: /],
      ['listen: {port: 1\n', {}, /tidewaiter\.yaml, line 2: /],
      ['oidc: {issuer: "https://id.example", clientId: us}\n', {}, /publicUrl: needed for oidc/],
      [
        'publicUrl: https://us.example\noidc:\n  issuer: http://id.example\n  clientId: us\n',
        {},
        /line 3: oidc\.issuer: write the https address/,
      ],
      ['lsiten:\n  port: 80\n', {}, /line 1: lsiten: there is no such setting/],
      ['data: ""\n', {}, /line 1: data: it must not be empty/],
      ['listen: {port: many}\n', {}, /line 1: listen\.port: a number belongs here, not a text/],
      ['listen: *nowhere\n', {}, /tidewaiter\.yaml: Unresolved alias/],
      ['listen:\n\tport: 80\n', {}, /line 2: a tab stands before the key; indent with spaces/],
      ['data: a\ndata: b\n', {}, /line 2: this key is there twice\./],
      ['data: a\n---\ndata: b\n', {}, /line 2: a second document begins here/],
      ['- a\n- b\n', {}, /tidewaiter\.yaml: it must hold keys and values/],
      ['', { TIDEWAITER_PORT: 'ninety' }, /TIDEWAITER_PORT: listen\.port: /],
      [
        '',
        { TIDEWAITER_DATABASE_URL: 'mysql://x' },
        /TIDEWAITER_DATABASE_URL: database\.url: write postgres:/,
      ],
      [
        '',
        { TIDEWAITER_DATABASE_URL: 'postgres://us:pass@db:99999/x' },
        /TIDEWAITER_DATABASE_URL: database\.url: write postgres:/,
      ],
    ];
    for (const [text, environment, message] of cases)
      await assert.rejects(read(text, environment), (error) => {
        assert.ok(error instanceof TidewaiterError && error.code === 'E_SETTINGS', String(error));
        assert.match(formatError(error), message);
        return true;
      });
    await assert.rejects(readSettings({ TIDEWAITER_SETTINGS: 'gone.yaml' }, folder), { code: 'E_SETTINGS' });
  });

  test('are described in docs/settings.md as they are', async () => {
    const written = readFileSync(join(projectRoot, 'docs/settings.md'), 'utf8');
    assert.equal(
      written,
      await formatMarkdown(settingsDocument()),
      'node scripts/write-settings-document.ts',
    );
  });
});
