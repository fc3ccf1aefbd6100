import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fakeModelServer } from '@foothold/testing/fake-model-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/workspace.ts';
import { codeBlocks } from '../../../tests/code-blocks.ts';
import { runCommand } from '../../../tests/run-command.ts';
import { tuningModel } from './tuning-model.fixture.ts';

const commands = codeBlocks(join(root, 'apps/llambo/README.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.split('\n'))
  .filter((line) => line !== '');
const node = `"${process.execPath}" --conditions=@foothold/source`;
const objective = `'${process.execPath} ${fileURLToPath(new URL('objective.fixture.mjs', import.meta.url))}'`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-llambo-documented-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the commands of the README', { timeout: 120_000 }, () => {
  it('are four', () => {
    expect(commands).toHaveLength(4);
  });
  it.each(commands)('%s', async (line) => {
    const server = await fakeModelServer(tuningModel);
    const here = line
      .replace('pnpm exec node --conditions=@foothold/source', node)
      .replace(/https?:\S+/, server.baseURL);
    // The sizes of the paper are too many calls for a test.
    const sizes = '--initial 2 --trials 1 --repeats 1 --candidates 3 --generations 2';
    const extra = `${sizes} --objective ${objective} --dir ${join(folder, `run-${commands.indexOf(line)}`)}`;
    const { code, stdout, stderr } = await runCommand('sh', ['-c', `${here} ${extra}`], {
      cwd: root,
      env: { ...process.env, FOOTHOLD_LLM_KEY: 'key-of-the-test' },
    });
    await server.close();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(line.includes('--help') ? /Usage: llambo/ : /Average normalized regret/);
    expect(server.requests.length > 0).toBe(/http/.test(line));
  });
});
