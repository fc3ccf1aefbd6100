import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Options } from 'tsup';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInFaults } from '../scripts/check-built-ins.ts';
import { library } from '../tsup.config.base.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-built-ins-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function built(name: string, options: Options): Promise<string> {
  const [source, outDir] = [join(folder, `${name}.ts`), join(folder, name)];
  writeFileSync(
    source,
    `import { sep } from 'node:path';
     export const open = async () => [sep, await import('node:sqlite'), await import('node:fs/promises')];`,
  );
  const ours = library({ ...options, outDir, dts: false, silent: true }) as Options;
  await build({ ...ours, entry: [source], config: false });
  return outDir;
}

describe('the check of built-ins', () => {
  it('finds nothing in what the packages are built with', async () => {
    expect(builtInFaults(await built('ours', {}))).toEqual([]);
  });

  it('refuses what tsup makes of the same file by default', async () => {
    expect(builtInFaults(await built('default', { removeNodeProtocol: true }))).toEqual([
      "default.js imports 'path' instead of 'node:path'",
      "default.js imports 'sqlite' instead of 'node:sqlite'",
      "default.js imports 'fs/promises' instead of 'node:fs/promises'",
    ]);
  });

  it.each([
    [`import "fs";`, 'fs'],
    [`export * from 'fs/promises'`, 'fs/promises'],
    [`import x, { y } from"crypto"`, 'crypto'],
    [`const load = async () => (await import("sqlite")).DatabaseSync;`, 'sqlite'],
    [`const { test } = require('test');`, 'test'],
    [
      `import 'node:fs'; import './fs.js'; import 'fs-extra'; const s = "import('fs')"; // import 'fs'`,
      undefined,
    ],
    [`import { sqlite } from 'better-sqlite3';`, undefined],
  ])('of %s', (code, name) => {
    const at = mkdtempSync(join(folder, 'text-'));
    mkdirSync(join(at, 'chunks'));
    writeFileSync(join(at, 'chunks/a.mjs'), code);
    expect(builtInFaults(at)).toEqual(
      name === undefined ? [] : [`chunks/a.mjs imports '${name}' instead of 'node:${name}'`],
    );
  });

  it('takes a package that is not built', () => {
    expect(builtInFaults(join(folder, 'nowhere'))).toEqual([]);
  });
});
