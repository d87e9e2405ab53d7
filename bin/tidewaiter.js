#!/usr/bin/env node
// Plain JavaScript that any Node reads, so that an old one can say what is missing instead of a syntax error.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);
const here = (path) => new URL(path, import.meta.url);

if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) {
  cacheCompiledCode();
  // A clone runs its TypeScript; the package holds JavaScript only.
  const source = here('../src/cli/main.ts');
  const { main } = await import(existsSync(source) ? source.href : here('../dist/cli/main.js').href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  runWithOwnNode(here('../node_modules/node/bin/node'));
}

/**
 * Keeps compiled code from run to run, in workers too: that spares every process the TypeScript stripper (28 MB and a
 * third of a second). It lies with our other caches and not in a temporary folder, where others could plant code.
 */
function cacheCompiledCode() {
  const { NODE_COMPILE_CACHE, TIDEWAITER_CACHE, XDG_CACHE_HOME } = process.env;
  const own = TIDEWAITER_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'tidewaiter');
  process.env.NODE_COMPILE_CACHE = NODE_COMPILE_CACHE || join(own, 'compiled');
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}

/** A clone brings its own Node as a package: this one only passes on. */
function runWithOwnNode(node) {
  if (!existsSync(node)) {
    const message = `E_NODE: Tidewaiter needs Node ${wanted.join('.')} or later, and this is ${process.versions.node}.`;
    process.stderr.write(`${message} Install a newer one from https://nodejs.org.\n`);
    process.exitCode = 2;
    return;
  }
  const child = spawn(fileURLToPath(node), process.argv.slice(1), { stdio: 'inherit' });
  // Of Ctrl-C the child may hear twice, as it reaches both: it takes that for one. What it means is for the child to say.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
