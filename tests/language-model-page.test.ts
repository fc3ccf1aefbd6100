import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type FakeModelServer,
  fakeModelServer,
} from '../packages/testing/src/fake-model-server/fake-model-server.ts';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-language-model-page-'));
const scratch = join(root, 'benchmarks/.snippets');
const open: FakeModelServer[] = [];
afterAll(async () => {
  for (const server of open) await server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
});

const page = readFileSync(join(root, 'docs/language-model.md'), 'utf8');
const blocks = codeBlocks(join(root, 'docs/language-model.md'));
const ofLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ code }) => code);
const foothold = `"${process.execPath}" --conditions=@foothold/source "${footholdMain}"`;

describe('docs/language-model.md', { timeout: 240_000 }, () => {
  it('has lines that run, one after another, with a model at its address', async () => {
    const server = await fakeModelServer(({ prompt, number }) =>
      prompt.includes('Write a report')
        ? 'The parameter `lr` matters.'
        : `## lr: 0.01${number}, layers: 2 ##`,
    );
    open.push(server);
    writeFileSync(join(folder, 'card.json'), ofLanguage('json')[0]!);
    writeFileSync(
      join(folder, 'space.json'),
      '{"lr":{"type":"real","low":1e-4,"high":1,"log":true},"layers":{"type":"int","low":1,"high":4}}',
    );
    writeFileSync(
      join(folder, 'train.js'),
      'const [, lr, , layers] = process.argv.slice(2).map(Number); console.log("loss: " + ((Math.log10(lr) + 2) ** 2 + layers / 10));',
    );
    const lines = ofLanguage('sh').flatMap((code) => code.trim().split('\n'));
    const outs: string[] = [];
    for (const line of lines) {
      const command = line
        .replace(/^foothold/, foothold)
        .replace('http://127.0.0.1:11434/v1', server.baseURL);
      expect(command).not.toBe(line);
      const run = await runCommand('sh', ['-c', `cd "${folder}" && ${command}`]);
      expect(run.code, run.stderr).toBe(0);
      outs.push(run.stdout);
    }
    expect(outs[0]).toMatch(/^best value /);
    expect(outs[2]).toMatch(/^importance +lr /m);
    expect(readFileSync(join(folder, 'found.md'), 'utf8')).toContain('The parameter `lr` matters.');
    expect(JSON.parse(outs[4]!).best.params.layers).toBeGreaterThan(0);
    const asked = server.requests.map(({ prompt }) => prompt);
    expect(asked.some((prompt) => prompt.includes('learning rate of Adam'))).toBe(true);
    expect(asked.some((prompt) => prompt.includes('- importance of lr alone: '))).toBe(true);
  });

  it('has a program that prints what it says', async () => {
    mkdirSync(scratch, { recursive: true });
    const file = join(scratch, 'language-model-page.ts');
    writeFileSync(file, ofLanguage('ts')[0]!);
    const run = await runCommand(process.execPath, ['--conditions=@foothold/source', file]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^After 48 trials the loss is 0\.0313\.\n/);
    expect(run.stdout).toContain("text: '63 %'");
  });

  it('names every option of a model that the commands have', async () => {
    for (const command of ['tune', 'explain']) {
      const { stdout } = await runCommand('sh', ['-c', `${foothold} ${command} --help`]);
      const options = [
        ...stdout.matchAll(/^ {2}(--[a-z-]+)(?=.*(?:\n {6,}.*)*?with --(?:adviser|model))/gm),
      ].map(([, option]) => option!);
      expect(options).toEqual(expect.arrayContaining(['--base-url', '--key-file', '--price-output']));
      for (const option of options) expect(page).toContain(option);
    }
  });
});
