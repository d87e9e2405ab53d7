import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { variables } from '../../src/platform/settings/settings.ts';
import { needs, projectRoot } from '../needs.ts';

const packaging = join(projectRoot, 'packaging');
const text = (name: string): string => readFileSync(join(packaging, name), 'utf8');

/** What lies in the folder of a bundle beside packaging's own files; see src/server/bundle/contents.ts. */
const madeByBundle = ['node', 'weights', 'app', 'sbom.cdx.json'];
const known = new Set([...Object.keys(variables), 'TIDEWAITER_SETTINGS']);

/** The variables of ours that a text names. */
function ours(of: string): string[] {
  return [...new Set(of.match(/TIDEWAITER_[A-Z0-9_]+/g))];
}

/** Whether a file of a bundle, as it lies in an installation, will be there. */
function inBundle(path: string): boolean {
  const [first = ''] = path.split('/');
  return (
    madeByBundle.includes(first) || [packaging, projectRoot].some((from) => existsSync(join(from, path)))
  );
}

describe('the unit for systemd', () => {
  const unit = text('tidewaiter.service');
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  test('is what systemd takes, without a warning', (t) => {
    if (!needs(t, 'systemd-analyze')) return;
    const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-unit-'));
    const verified = (of: string): { status: number | null; said: string } => {
      const file = join(folder, 'tidewaiter.service');
      writeFileSync(file, of);
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
        encoding: 'utf8',
      });
      // Of units of this machine it speaks too.
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('tidewaiter.service'));
      return { status, said: lines.join('\n') };
    };
    try {
      // Nothing is installed on the machine that tests.
      const program = value('ExecStart').split(' ')[0] ?? '';
      const here = unit.replace(program, join(packaging, 'bin/tidewaiter'));
      assert.deepEqual(verified(here), { status: 0, said: '' });
      const { said } = verified(here.replace('ProtectSystem=', 'ProtectSytem='));
      assert.match(said, /ProtectSytem/, 'it would have told of a slip');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('names programs, folders and variables that there are', () => {
    const program = /^\/opt\/tidewaiter\/(\S+) serve$/.exec(value('ExecStart'))?.[1] ?? '';
    assert.ok(existsSync(join(packaging, program)), program);
    assert.match(text('install.sh'), new RegExp(`bin/tidewaiter`));
    const current = /^file:\/\/\/opt\/tidewaiter\/current\/(\S+)$/.exec(value('Documentation'))?.[1] ?? '';
    assert.ok(inBundle(current), current);
    for (const name of ours(unit)) assert.ok(known.has(name), name);
    assert.equal(value('WorkingDirectory'), `/var/lib/${value('StateDirectory')}`);
    assert.match(unit, new RegExp(`^Environment=TIDEWAITER_DATA=/var/lib/${value('StateDirectory')}$`, 'm'));
    assert.match(unit, new RegExp(`^Environment=XDG_CACHE_HOME=/var/cache/${value('CacheDirectory')}$`, 'm'));
    assert.ok(value('EnvironmentFile').startsWith(`-/etc/${value('ConfigurationDirectory')}/`));
  });
});

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<'database' | 'tidewaiter', Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

describe('the files for containers', () => {
  const container = text('Containerfile');
  const compose = parse(text('compose.yaml')) as Compose;
  const { database, tidewaiter } = compose.services;

  test('the image is made of what a bundle holds, and starts what it holds', () => {
    const copied = [...container.matchAll(/^COPY (.+) (\/\S+)$/gm)].flatMap(([, from = '', to = '']) =>
      from.split(' ').map((file) => [file, to] as const),
    );
    assert.ok(copied.length >= 5);
    for (const [file] of copied) assert.ok(inBundle(file), file);
    const started = [...container.matchAll(/"(\/opt\/tidewaiter\/[^"]+)"/g)].map(([, path = '']) => path);
    assert.ok(started.length >= 2);
    for (const path of started) {
      assert.ok(
        copied.some(([, to]) => path.startsWith(`${to}/`)),
        path,
      );
      assert.ok(inBundle(path.replace('/opt/tidewaiter/', '')), path);
    }
    for (const name of ours(container)) assert.ok(known.has(name), name);
    const folders = /install -d .*? (\/.+)$/m.exec(container)?.[1]?.split(' ') ?? [];
    const [data, cache] = ['TIDEWAITER_DATA', 'XDG_CACHE_HOME'].map(
      (name) => new RegExp(`${name}=(\\S+)`).exec(container)?.[1],
    );
    assert.deepEqual(folders, [data, cache]);
    assert.deepEqual(JSON.parse(/^VOLUME (.+)$/m.exec(container)?.[1] ?? ''), [data]);
    const port = /^EXPOSE (\d+)$/m.exec(container)?.[1];
    assert.match(container, new RegExp(`127\\.0\\.0\\.1:${port}/readyz`));
  });

  test('what the services of compose.yaml name, it declares', () => {
    const declared = (name: 'secrets' | 'networks' | 'volumes'): string[] => Object.keys(compose[name]);
    for (const service of [database, tidewaiter]) {
      for (const secret of service.secrets ?? []) assert.ok(declared('secrets').includes(secret), secret);
      for (const network of service.networks ?? [])
        assert.ok(declared('networks').includes(network), network);
      for (const volume of service.volumes ?? [])
        assert.ok(declared('volumes').includes(volume.split(':')[0] ?? ''), volume);
      for (const other of Object.keys(service.depends_on ?? {})) assert.ok(other in compose.services, other);
      const secrets = JSON.stringify(service).match(/(?<=\/run\/secrets\/)\w+/g) ?? [];
      assert.deepEqual(secrets, service.secrets, 'it reads the secrets that it is given');
    }
    for (const own of ['secrets', 'networks', 'volumes'] as const)
      for (const name of declared(own))
        assert.ok(
          [database, tidewaiter].some(({ [own]: used = [] }) =>
            used.some((one) => one.split(':')[0] === name),
          ),
          `${name} is used`,
        );
  });

  test('compose.yaml names paths, ports and variables of the image', () => {
    const { build, command = [], volumes = [], ports = [], tmpfs = [] } = tidewaiter;
    assert.ok(inBundle(build?.dockerfile ?? ''));
    const started = /exec (\/opt\/tidewaiter\/\S+) serve/.exec(command[0] ?? '')?.[1] ?? '';
    assert.match(container, new RegExp(`^ENTRYPOINT \\["${started}"\\]$`, 'm'));
    for (const name of ours(command.join())) assert.ok(known.has(name), name);
    const target = volumes[0]?.split(':')[1];
    assert.match(container, new RegExp(`^VOLUME \\["${target}"\\]$`, 'm'));
    assert.match(container, new RegExp(`^EXPOSE ${ports[0]?.split(':').at(-1)}$`, 'm'));
    const [path = '', owner = ''] = tmpfs.at(-1)?.split(':') ?? [];
    assert.match(container, new RegExp(`XDG_CACHE_HOME=${path}$`, 'm'));
    assert.match(owner, new RegExp(`uid=${/^USER (\d+)/m.exec(container)?.[1]},`));
    // A stop takes as long as the unit gives it.
    assert.equal(
      tidewaiter.stop_grace_period,
      `${/^TimeoutStopSec=(\d+)$/m.exec(text('tidewaiter.service'))?.[1]}s`,
    );
  });

  test('the command of the container makes the address of the database out of the password', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-compose-'));
    try {
      writeFileSync(join(folder, 'password'), 'b0e9\n');
      // Compose turns $$ into $; the two paths are those of a container.
      const script = (tidewaiter.command?.[0] ?? '')
        .replaceAll('$$', '$')
        .replace('/run/secrets/database_password', join(folder, 'password'))
        .replace(/exec \S+ serve/, 'printf %s "$TIDEWAITER_DATABASE_URL"');
      const [shell = '', ...flags] = tidewaiter.entrypoint ?? [];
      const url = new URL(execFileSync(shell, [...flags, script], { encoding: 'utf8' }));
      const { POSTGRES_USER, POSTGRES_DB } = database.environment ?? {};
      assert.deepEqual(
        [url.protocol, url.username, url.password, url.hostname, url.pathname],
        ['postgres:', POSTGRES_USER, 'b0e9', 'database', `/${POSTGRES_DB}`],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
