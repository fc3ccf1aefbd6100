import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { samplerNames } from '../packages/protocol/src/sampler-named.ts';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-protocol-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('names every sampler of the command in docs/protocol.md', () => {
  const page = readFileSync(join(root, 'docs/protocol.md'), 'utf8');
  const row = /^\| `sampler` \|(.*), or an object with `name`/m.exec(page)![1]!;
  expect([...row.matchAll(/`([\w-]+)`/g)].map(([, name]) => name).sort()).toEqual([...samplerNames].sort());
});

it('finds the minimum from Python as docs/protocol.md shows it', async (test) => {
  const python = await runCommand('python3', ['--version']).catch(() => undefined);
  if (python?.code !== 0) test.skip('python3 is not on this machine');
  const command = join(folder, 'foothold');
  const main = footholdMain;
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
