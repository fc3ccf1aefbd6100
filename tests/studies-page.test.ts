import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-studies-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = `"${process.execPath}" --conditions=@foothold/source "${footholdMain}" `;
const run = (line: string) =>
  runCommand('sh', ['-c', line.replaceAll(/(^|\s|\$\()foothold (?=[a-z])/g, `$1${foothold}`)], {
    cwd: folder,
  });

const lines = codeBlocks(join(root, 'docs/studies.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'));

describe('docs/studies.md', () => {
  it.each(lines)('runs %s', { timeout: 60_000 }, async (line) => {
    const result = await run(line);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout.trim()).not.toBe('');
  });
});

describe('the studies that its commands leave', { timeout: 60_000 }, () => {
  let studies: readonly { readonly name: string; readonly counts: Readonly<Record<string, number>> }[] = [];
  beforeAll(async () => {
    studies = JSON.parse((await run('foothold studies --json')).stdout).studies;
  });

  it('are the one that was made and those that were imported, with all trials', () => {
    expect(studies.map(({ name, counts }) => [name, counts['complete']])).toEqual([
      ['resnet', 8],
      ['resnet-of-journal', 8],
      ['resnet-of-json', 8],
      ['resnet-of-log', 8],
      ['resnet-of-optuna', 9],
      ['resnet-of-table', 8],
    ]);
  });
});
