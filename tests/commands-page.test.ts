import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// The program that the page's commands call: it prints a loss by two names, and an accuracy.
writeFileSync(
  join(folder, 'value.cjs'),
  `const x = Number(process.argv[2].replace('--x=', ''));
   console.log('loss: ' + (x - 0.3) ** 2);
   console.log(JSON.stringify({ train: { error: 9 }, valid: { loss: (x - 0.3) ** 2 }, accuracy: 1 - x }));`,
);

const lines = codeBlocks(join(root, 'docs/commands.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'));
const foothold = `"${process.execPath}" --conditions=@foothold/source "${join(root, 'packages/cli/src/main.ts')}" `;

describe('docs/commands.md', () => {
  it.each(lines)('runs %s', { timeout: 60_000 }, async (line) => {
    const result = await runCommand('sh', ['-c', line.replace(/(^|\s)foothold /, `$1${foothold}`)], {
      cwd: folder,
    });
    expect(result.code, result.stderr).toBe(0);
    if (line.includes('foothold replay')) {
      expect(result.stdout).toBe('0 of 8 suggestions differ\n');
      return;
    }
    if (line.includes('foothold edit')) {
      expect(result.stdout).toMatch(/^study mine is edited:\n.*--space x: .*\n\d of 8 trials are outside/);
      return;
    }
    expect(result.stdout).toMatch(/^best value \S+ \(trial \d+\)/);
    expect(result.stderr).toMatch(/^reads /m);
    expect(result.stderr).not.toContain('failed');
  });
});
