import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'foothold-pg-boss-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `loadPgBoss` throws in an installation that has these packages beside ours. */
function thrownWith(
  name: string,
  packages: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const root = join(folder, name);
  mkdirSync(join(root, 'node_modules', '@foothold'), { recursive: true });
  symlinkSync(
    fileURLToPath(new URL('../../core', import.meta.url)),
    join(root, 'node_modules', '@foothold', 'core'),
  );
  copyFileSync(new URL('load-pg-boss.ts', import.meta.url), join(root, 'load-pg-boss.ts'));
  for (const [other, files] of Object.entries(packages)) {
    mkdirSync(join(root, 'node_modules', other));
    for (const [file, text] of Object.entries(files))
      writeFileSync(join(root, 'node_modules', other, file), text);
  }
  writeFileSync(
    join(root, 'main.mjs'),
    `import { loadPgBoss } from './load-pg-boss.ts';
     await loadPgBoss().catch(({ name, message }) => console.log(name + ': ' + message));`,
  );
  return execFileSync(process.execPath, ['--conditions=@foothold/source', join(root, 'main.mjs')], {
    encoding: 'utf8',
  }).trim();
}

it('says how to install pg-boss where it is not there', () => {
  expect(thrownWith('none', {})).toBe(
    'UnsupportedError: this installation does not support a job queue: pg-boss is not installed; npm install pg-boss@12.20.0 adds it',
  );
});

it('says what pg-boss needs where it is there and does not load', () => {
  const manifest = JSON.stringify({ name: 'pg-boss', version: '12.35.1', type: 'module', main: 'index.js' });
  const broken = { 'package.json': manifest, 'index.js': "throw new Error('it wants a newer Node');" };
  expect(thrownWith('broken', { 'pg-boss': broken })).toContain(
    'pg-boss does not load there (it wants a newer Node); it is made for Node 22.12 and newer',
  );
  // A package that it needs itself is missing: this is not what npm install pg-boss adds.
  const lacking = { 'package.json': manifest, 'index.js': "import 'cron-parser-that-is-not-there';" };
  expect(thrownWith('lacking', { 'pg-boss': lacking })).toContain(
    "pg-boss does not load there (Cannot find package 'cron-parser-that-is-not-there'",
  );
});

it.each(['9.0.3', '12.19.9', '13.0.0-beta.1'])('refuses pg-boss %s, of any form', (version) => {
  const packed = {
    'package.json': JSON.stringify({ name: 'pg-boss', version }),
    'index.js': 'module.exports = 1;',
  };
  expect(thrownWith(version, { 'pg-boss': packed })).toBe(
    `UnsupportedError: this installation does not support a job queue: its pg-boss has version ${version}, and 12.20.0 or newer, below 13, is needed; npm install pg-boss@12.20.0 adds it`,
  );
});

it('allows what the manifest of the package allows', () => {
  const { peerDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(peerDependencies['pg-boss']).toBe('>=12.20.0 <13');
});
