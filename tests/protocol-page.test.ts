import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-protocol-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('finds the minimum from Python as docs/protocol.md shows it', async (test) => {
  const python = await runCommand('python3', ['--version']).catch(() => undefined);
  if (python?.code !== 0) test.skip('python3 is not on this machine');
  const command = join(folder, 'foothold');
  const main = join(root, 'packages/cli/src/main.ts');
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" --conditions=@foothold/source "${main}" "$@"\n`,
  );
  chmodSync(command, 0o755);
  const code = codeBlocks(join(root, 'docs/protocol.md')).find(({ language }) => language === 'python')!.code;
  const result = await runCommand('python3', ['-c', code], {
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` },
  });
  expect(result.stderr).toBe('');
  const x = Number(/'x': ([-\d.e]+)/.exec(result.stdout)?.[1]);
  expect(Math.abs(x - 0.5)).toBeLessThan(0.05);
});
