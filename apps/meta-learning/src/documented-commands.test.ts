import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command as smallToLarge } from '@foothold/app-small-to-large/command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/workspace.ts';
import { codeBlocks } from '../../../tests/code-blocks.ts';
import { runCommand } from '../../../tests/run-command.ts';
import { writeImages } from './images.fixture.ts';
import { command } from './options.ts';
import { itWithTorch, python } from './python.fixture.ts';

const pages = ['docs/meta-learning.md', 'apps/meta-learning/README.md', 'apps/small-to-large/README.md'];
/** Each command on a line of its own, without the comments. */
const commands = pages.flatMap((page) =>
  codeBlocks(join(root, page))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.replaceAll('\\\n', '').split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#')),
);
const node = `"${process.execPath}" --conditions=@foothold/source`;
const run = (line: string) => runCommand('sh', ['-c', line], { cwd: root });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-documented-'));
  await writeImages(folder, { train: 200, test: 5 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the commands of the pages', { timeout: 400_000 }, () => {
  it('are of four kinds', () => {
    const kinds = [
      /meta-learning\/src\/main/,
      /small-to-large\/src\/main/,
      /^pnpm foothold tune/,
      /^python /,
    ];
    for (const kind of kinds) expect(commands.some((line) => kind.test(line))).toBe(true);
    for (const line of commands) expect(kinds.some((kind) => kind.test(line))).toBe(true);
  });

  it.each(commands.filter((line) => line.includes('/main.ts')))('%s has flags that there are', (line) => {
    const [before, after] = line.split('/src/main.ts') as [string, string];
    const parser = (before.endsWith('meta-learning') ? command() : smallToLarge())
      .exitOverride()
      .configureOutput({ writeOut: () => undefined });
    const words = after.trim().split(/\s+/).filter(Boolean);
    if (words.includes('--help')) expect(() => parser.parse(words, { from: 'user' })).toThrow('outputHelp');
    else parser.parse(words, { from: 'user' });
  });

  it('compare the methods at tiny sizes', async () => {
    const line = commands.find(
      (text) => text.includes('meta-learning/src/main.ts') && text.includes('--quick'),
    )!;
    const here = line
      .replace('pnpm exec node --conditions=@foothold/source', node)
      .replace('--data fashion-mnist', `--data ${folder}`);
    const result = await run(`${here} --dir ${join(folder, 'runs')} --report ${join(folder, 'r.html')}`);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/plain Bayesian +\d/);
  });

  itWithTorch('tune a family, and another from what that taught; train once', async () => {
    const [first, second] = commands.filter((line) => line.startsWith('pnpm foothold tune'));
    const here = (line: string) =>
      `${line
        .replace('pnpm foothold', `${node} packages/cli/src/main.ts`)
        .replace('python apps', `${python} apps`)
        .replace('--task', '--dry-run --task')
        .replace(/--trials \d+/, '--trials 2')} --storage ${join(folder, 'studies')}`;
    const bert = await run(here(first!));
    expect(bert.code, bert.stderr).toBe(0);
    const study = /study (\S+) in/.exec(bert.stderr)![1]!;
    const distilbert = await run(here(second!.replace('STUDY', study)));
    expect(distilbert.code, distilbert.stderr).toBe(0);
    expect(distilbert.stdout).toMatch(/^best value [01]/);
    const once = await run(commands.find((line) => line.startsWith('python '))!.replace('python', python));
    expect(once.code, once.stderr).toBe(0);
    expect(JSON.parse(once.stdout)).toMatchObject({ dry_run: 1 });
  });
});
