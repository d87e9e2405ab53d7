import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const listFile = new URL('../debian-packages.txt', import.meta.url);

/** What the tests need beyond npm, as Debian and Ubuntu name it. */
export function neededPackages(): string[] {
  return readFileSync(listFile, 'utf8').split('\n').filter(Boolean);
}

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout === 'installed';
}

function apt(timeoutSeconds: number, ...words: string[]): boolean {
  const answer = spawnSync('apt-get', ['-q', '-y', '--no-install-recommends', ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: timeoutSeconds * 1000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return answer.status === 0;
}

/**
 * Installs what is missing when it may (root on Debian or Ubuntu), else says what to install. Tests that miss something
 * are skipped, or fail under CI, so a failure here is not one in itself.
 */
export function prepareMachine(say: (line: string) => void): void {
  if (!existsSync('/usr/bin/apt-get')) {
    say(`Some tests need tools that Debian packages as: ${neededPackages().join(' ')}`);
    return;
  }
  const missing = neededPackages().filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    say(`Some tests need more; install it with: sudo ${command}`);
    return;
  }
  say(`Installing what the tests need: ${missing.join(' ')}`);
  apt(180, 'update');
  if (!apt(600, 'install', ...missing)) say(`Could not install it (no network?). Try: ${command}`);
}
