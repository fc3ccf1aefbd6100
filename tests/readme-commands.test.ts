import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm start` and `npm test` are what `.ci/run` calls; the other commands are run here, in a folder of their own. */
const commands = codeBlocks(join(root, 'README.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.split('\n'))
  .filter((line) => line.startsWith('pnpm foothold '));
const foothold = `"${process.execPath}" --conditions=@foothold/source "${footholdMain}" `;

describe('the commands of the README', () => {
  it('are at least two', () => expect(commands.length).toBeGreaterThanOrEqual(2));
  it.each(commands)('%s', { timeout: 120_000 }, async (command) => {
    const result = await runCommand('sh', ['-c', command.replace('pnpm foothold ', foothold)], {
      cwd: folder,
    });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout.trim()).not.toBe('');
  });
});
