import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methodTable } from '../packages/optimize/src/transfer-methods/method-table.ts';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const page = join(root, 'docs/transfer.md');
const folder = mkdtempSync(join(tmpdir(), 'foothold-transfer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = codeBlocks(page)
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'));
const foothold = `"${process.execPath}" --conditions=@foothold/source "${footholdMain}" `;

describe('docs/transfer.md', () => {
  beforeAll(() => {
    const fixtures = join(root, 'packages/sources/src/fixtures');
    writeFileSync(join(folder, 'optuna.db'), gunzipSync(readFileSync(join(fixtures, 'optuna-study.db.gz'))));
    copyFileSync(join(fixtures, 'optuna-journal.log'), join(folder, 'optuna.log'));
  });

  it.each(lines)('runs %s', { timeout: 60_000 }, async (line) => {
    const result = await runCommand('sh', ['-c', line.replace(/^foothold /, foothold)], { cwd: folder });
    expect(result.code, result.stderr).toBe(0);
    if (line.startsWith('foothold')) {
      const value = Number(/best value (\S+)/.exec(result.stdout)?.[1]);
      expect(value).toBeLessThan(1);
    }
  });

  it('has a row for every method, and names those that need no gate', () => {
    const section = /^## Methods\n(.*?)^## /ms.exec(readFileSync(page, 'utf8'))![1]!;
    const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(Object.keys(methodTable));
    const ungated = Object.entries(methodTable).flatMap(([name, { takesGate }]) => (takesGate ? [] : [name]));
    const sentence = /^(.*) need no gate\./m.exec(section)![1]!;
    expect([...sentence.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).toEqual(ungated);
  });
});
