import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LedgerState } from '@foothold/llm';
import { type FakeModelRequest, fakeModelServer } from '@foothold/testing/fake-model-server';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tuningModel } from './tuning-model.fixture.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const objective = `"${process.execPath}" "${fileURLToPath(new URL('objective.fixture.mjs', import.meta.url))}"`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-llambo-killed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sizes = '--initial 3 --trials 2 --repeats 1 --candidates 3 --templates 2 --generations 2'.split(' ');
const tiny = [
  ...[...sizes, '--learners', 'SVM', '--datasets', 'wine', '--parallel', '1', '--no-key', '--model', 'small'],
  ...['--methods', 'llambo,advised', '--contexts', 'partial', '--objective', objective],
];

function started(words: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=@foothold/source', program, ...tiny, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const from of [child.stdout, child.stderr])
    from.on('data', (data) => {
      text += data;
    });
  return { child, ended: once(child, 'close').then(([code, signal]) => ({ end: code ?? signal, text })) };
}

/** A server that kills the process in the middle of its request of this number. */
async function killingServer(at: number) {
  let victim: ChildProcess | undefined;
  const server = await fakeModelServer(
    (request) => {
      if (request.number !== at) return tuningModel(request);
      victim?.kill('SIGKILL');
      return 'silence';
    },
    { models: ['small'] },
  );
  return {
    server,
    run(words: readonly string[]) {
      const { child, ended } = started(['--base-url', server.baseURL, ...words]);
      victim = child;
      return ended;
    },
  };
}

const linesOf = async (dir: string, name: string) =>
  (await readFile(join(folder, dir, name), 'utf8')).trimEnd().split('\n');
const ledgerOf = async (dir: string): Promise<LedgerState> =>
  JSON.parse((await linesOf(dir, 'ledger.jsonl')).at(-1)!);
/** What was evaluated, without what it cost: a trial whose replies an earlier run paid for costs nothing. */
const evaluated = async (dir: string) => {
  const rows: readonly Readonly<Record<string, string>>[] = parse(
    await readFile(join(folder, dir, 'trials.csv'), 'utf8'),
    { columns: true },
  );
  return rows.map(({ calls: _, 'prompt tokens': __, 'completion tokens': ___, cost: ____, ...rest }) => rest);
};
const tokensOf = ({ prompt, count, maxTokens }: FakeModelRequest) => ({
  prompt: Buffer.byteLength(prompt),
  completion: count * maxTokens!,
});

describe('a run that is killed', { timeout: 180_000 }, () => {
  it('goes on as one that was not: it asks for nothing again, and its ledger has the call that it died in', async () => {
    const whole = await killingServer(Infinity);
    expect(await whole.run(['--dir', 'whole'])).toMatchObject({ end: 0 });
    const requests = whole.server.requests.length;
    expect(requests).toBeGreaterThan(6);
    const spent = await ledgerOf('whole');
    // In its first call, and in the middle of a search.
    for (const at of [0, Math.floor(requests / 2)]) {
      const dir = `killed-${at}`;
      const killed = await killingServer(at);
      expect(await killed.run(['--dir', dir])).toMatchObject({ end: 'SIGKILL' });
      const { prompt, completion } = tokensOf(killed.server.requests.at(-1)!);
      const left = await ledgerOf(dir);
      expect(left.reserved.promptTokens).toBeGreaterThanOrEqual(prompt);
      expect(left.reserved.completionTokens).toBe(completion);
      expect(left.requests).toBe(at);
      // What a process leaves that ends in the middle of a line.
      for (const name of ['ledger.jsonl', 'replies.jsonl']) await appendFile(join(folder, dir, name), '{"re');
      expect(await killed.run(['--dir', dir])).toMatchObject({ end: 0 });
      expect(killed.server.requests).toHaveLength(requests + 1);
      expect(await evaluated(dir)).toEqual(await evaluated('whole'));
      const { promptTokens, completionTokens } = await ledgerOf(dir);
      expect(promptTokens).toBe(spent.promptTokens + left.reserved.promptTokens);
      expect(completionTokens).toBe(spent.completionTokens + left.reserved.completionTokens);
      await killed.server.close();
      // The folder's replies make the same run, of a run in two parts too.
      const replayed = started(['--replay', join(dir, 'replies.jsonl'), '--dir', `${dir}-replayed`]);
      expect(await replayed.ended).toMatchObject({ end: 0 });
      expect(await evaluated(`${dir}-replayed`)).toEqual(await evaluated('whole'));
    }
    await whole.server.close();
  });
});
