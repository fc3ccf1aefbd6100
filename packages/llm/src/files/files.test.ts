import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, StorageError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { recordedFile } from '../access/recorded-file.ts';
import { recordedModel } from '../access/recorded-model.ts';
import { BudgetExceededError } from '../errors.ts';
import { budgetedModel } from '../limits/budgeted-model.ts';
import { cachedModel } from '../limits/cached-model.ts';
import { completionFile } from './completion-file.ts';
import { ledgerFile } from './ledger-file.ts';
import { lineFile, wholeLines } from './line-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-llm-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const fresh = () => join(folder, `${files++}.jsonl`);
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('lineFile', () => {
  it('writes lines of many callers one after another, in their order', async () => {
    const path = fresh();
    const file = lineFile(path);
    await Promise.all(Array.from({ length: 100 }, (_, i) => file.append(JSON.stringify('x'.repeat(i)))));
    expect(linesOf(path)).toEqual(Array.from({ length: 100 }, (_, i) => JSON.stringify('x'.repeat(i))));
  });

  it.each([
    ['nothing', '', ''],
    ['a whole line', '{}\n', '{}\n'],
    ['a line that is not whole', '{}\n{"a":"é', '{}\n'],
    ['one line that is not whole', '{"a', ''],
    ['a blank line without its end', '{}\n ', '{}\n \n'],
    ['a line without its end', '{}\n{"a":1}', '{}\n{"a":1}\n'],
  ])('goes on behind %s', async (_, before, kept) => {
    const path = fresh();
    writeFileSync(path, before);
    await lineFile(path).append('[1]');
    expect(readFileSync(path, 'utf8')).toBe(`${kept}[1]\n`);
    expect(wholeLines(before).join('\n')).toBe(kept.slice(0, -1) + (before.endsWith('\n') ? '\n' : ''));
  });

  it.each(['first\nmy last line', 'mine', '{}\n[1', '{}\n \u00b7'])(
    'leaves a file alone that ends with other text: %j',
    async (text) => {
      const path = fresh();
      writeFileSync(path, text);
      await expect(lineFile(path).check()).rejects.toThrow(StorageError);
      await expect(lineFile(path).append('{}')).rejects.toThrow(/ends with ".*nothing is added/);
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect(wholeLines(text).join('\n')).toBe(text);
    },
  );

  it('throws StorageError, and goes on where the next line can be written', async () => {
    const gone = join(folder, 'gone');
    const file = lineFile(join(gone, 'a.jsonl'));
    await expect(file.append('1')).rejects.toBeInstanceOf(StorageError);
    mkdirSync(gone);
    await file.append('2');
    expect(linesOf(join(gone, 'a.jsonl'))).toEqual(['2']);
  });
});

describe('ledgerFile', () => {
  const call = { prompt: 'word', maxTokens: 10, count: 1 };
  const worst = 4 + 64 + 10;

  it('has a call in the file before it is made, and counts it in full where the process ends in it', async () => {
    const path = fresh();
    const account = await ledgerFile(path, { maxTokens: 2 * worst + 1 });
    let state: unknown;
    const model = recordedModel(() => {
      state = JSON.parse(linesOf(path).at(-1)!);
      return 'abcd';
    });
    await budgetedModel(model, account).complete(call);
    expect(state).toMatchObject({ promptTokens: 0, reserved: { promptTokens: 68, completionTokens: 10 } });
    await account.close();
    expect(JSON.parse(linesOf(path).at(-1)!)).toEqual(account.state());
    expect(account.state()).toMatchObject({ promptTokens: 1, completionTokens: 1, requests: 1 });
    await account.reserve({ promptTokens: 68, completionTokens: 10 });
    // The process ends here, in the middle of a further line.
    appendFileSync(path, '{"requests":9,"promptTok');
    const next = await ledgerFile(path, { maxTokens: 2 * worst + 1 });
    expect(next.remaining().tokens).toBe(2 * worst + 1 - 2 - worst);
    await expect(next.reserve({ promptTokens: 68, completionTokens: 10 })).rejects.toBeInstanceOf(
      BudgetExceededError,
    );
  });

  it('counts the calls of all runs, also of those at the same time, in fewer lines than two a call', async () => {
    const path = fresh();
    for (const [run, count] of [20, 3].entries()) {
      const account = await ledgerFile(path, {});
      const model = budgetedModel(
        recordedModel(() => 'abcd'),
        account,
      );
      await Promise.all(Array.from({ length: count }, () => model.complete(call)));
      await account.close();
      const tokens = run === 0 ? 20 : 23;
      expect(account.state()).toMatchObject({ promptTokens: tokens, completionTokens: tokens });
      expect(JSON.parse(linesOf(path).at(-1)!)).toEqual(account.state());
    }
    expect(linesOf(path).length).toBeLessThan(46);
  });

  it('releases what it cannot write down', async () => {
    const account = await ledgerFile(join(folder, 'nowhere', 'ledger.jsonl'), { maxTokens: 100 });
    await expect(account.reserve({ promptTokens: 1, completionTokens: 1 })).rejects.toBeInstanceOf(
      StorageError,
    );
    expect(account.remaining().tokens).toBe(100);
    await expect(account.close()).rejects.toBeInstanceOf(StorageError);
  });

  it('is unspent where a killed process wrote nothing whole', async () => {
    for (const text of ['', '{"requests":1']) {
      const path = fresh();
      writeFileSync(path, text);
      expect((await ledgerFile(path, { maxTokens: 5 })).remaining().tokens).toBe(5);
    }
  });

  it.each(['null', '{"requests":-1}', 'x', '{}'])(
    'refuses a file that ends with the line %s',
    async (line) => {
      const path = fresh();
      writeFileSync(path, `${line}\n`);
      await expect(ledgerFile(path, {})).rejects.toThrow(/^the ledger is .*states that an earlier run wrote/);
      expect(readFileSync(path, 'utf8')).toBe(`${line}\n`);
    },
  );
});

describe('completionFile', () => {
  const request = { prompt: 'say hello', maxTokens: 20, count: 2, seed: 1 };

  it('answers in the next run what was answered in the one before, beside a line that is not whole', async () => {
    const path = fresh();
    const model = recordedModel((_, call) => [`${call}`, `${call}, again`], { name: 'm' });
    const first = cachedModel(model, await completionFile(path, { model: 'm' }));
    const { texts } = await first.complete(request);
    appendFileSync(path, linesOf(path)[0]!.slice(0, 40));
    const second = cachedModel(model, await completionFile(path, { model: 'm' }));
    expect(await second.complete(request)).toEqual({
      texts,
      usage: { promptTokens: 0, completionTokens: 0 },
    });
    expect((await second.complete({ ...request, seed: 2 })).texts).toEqual(['1', '1, again']);
    expect(linesOf(path)).toHaveLength(2);
    // The same file replays the run.
    const replay = await recordedFile(path);
    expect((await replay.complete(request)).texts).toEqual(texts);
  });

  it('has the completions of its own model, in a file that two have written', async () => {
    const path = fresh();
    const completion = { texts: ['a'], usage: { promptTokens: 1, completionTokens: 1 } };
    for (const model of ['m', 'n'])
      await (await completionFile(path, { model })).set(`of ${model}`, completion);
    const cache = await completionFile(path, { model: 'n' });
    expect([await cache.get('of m'), await cache.get('of n')]).toEqual([undefined, completion]);
    expect(linesOf(path)).toHaveLength(2);
  });

  it('is no file before the first completion, and refuses a line that is none', async () => {
    const path = fresh();
    const cache = await completionFile(path, { model: 'm' });
    expect([await cache.get('d'), existsSync(path)]).toEqual([undefined, false]);
    writeFileSync(path, '{"digest":1}\n');
    await expect(completionFile(path, { model: 'm' })).rejects.toBeInstanceOf(InvalidArgumentError);
  });
});
