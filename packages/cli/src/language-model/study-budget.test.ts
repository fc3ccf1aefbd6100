import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, StorageError, type TokenUsage } from '@foothold/core';
import { BudgetExceededError, costOf, ledger } from '@foothold/llm';
import { random } from '@foothold/optimize';
import { spaceOf } from '@foothold/space';
import { createStudy, memoryStorage, studyRecord } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../../tests/run-command.ts';
import { studiesIn } from '../studies-in.ts';
import { type StudyBudgetOptions, studyBudget } from './study-budget.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-study-budget-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usage = (promptTokens: number, completionTokens: number, cachedTokens = 0): TokenUsage => ({
  ...{ promptTokens, completionTokens, cachedTokens },
});
async function made(storage = memoryStorage(), name = 's') {
  const space = spaceOf({ x: { type: 'real', low: 0, high: 1 } });
  await createStudy({ space, sampler: random(), direction: 'minimize', storage, name }).ask();
  const record = studyRecord(storage, name);
  const run = (options: StudyBudgetOptions) => studyBudget(studyRecord(storage, name), options);
  return { record, run };
}

describe('the budget of a study', () => {
  it('is that of all runs together, one after another, also of one that was killed in a call', async () => {
    const { run } = await made();
    const first = run({ run: 'a', maxTokens: 200 });
    await (await first.reserve(usage(100, 50))).settle(usage(90, 10));
    await first.reserve(usage(50, 5)); // and then it is killed
    const second = run({ run: 'b', maxTokens: 200 });
    expect((await second.spent()).others).toMatchObject({
      requests: 1,
      promptTokens: 140,
      completionTokens: 15,
    });
    await expect(second.reserve(usage(40, 6))).rejects.toMatchObject({ spent: 155, needed: 46, budget: 200 });
    await (await second.reserve(usage(40, 5))).settle(usage(1, 2));
    expect((await run({ run: 'c' }).spent()).others).toMatchObject({
      promptTokens: 141,
      completionTokens: 17,
    });
  });

  it('is that of runs at the same time: the second call does not fit beside what the first may need', async () => {
    const { run } = await made();
    const prices = { input: 1e6, output: 2e6 };
    const [a, b] = [run({ run: 'a', maxCost: 30, prices }), run({ run: 'b', maxCost: 30, prices })];
    const call = await a.reserve(usage(10, 5));
    await expect(b.reserve(usage(3, 4))).rejects.toBeInstanceOf(BudgetExceededError);
    await call.settle(usage(10, 3));
    const other = await b.reserve(usage(3, 4));
    await other.release();
    await (await b.reserve(usage(4, 5))).settle(usage(4, 5));
    const { own, others } = await a.spent();
    expect([own.cost, others.cost]).toEqual([16, 14]);
    await expect(a.reserve(usage(1, 0))).rejects.toBeInstanceOf(BudgetExceededError);
  });

  it('counts more than was reserved as far as there is room beside the reservations of all runs', async () => {
    const { run } = await made();
    const [a, b] = [run({ run: 'a', maxTokens: 100 }), run({ run: 'b', maxTokens: 100 })];
    const call = await a.reserve(usage(10, 10));
    await b.reserve(usage(30, 30));
    await call.settle(usage(10, 1000));
    expect((await a.spent()).own).toMatchObject({
      promptTokens: 10,
      completionTokens: 30,
      excessTokens: 970,
    });
    await expect(b.reserve(usage(1, 0))).rejects.toBeInstanceOf(BudgetExceededError);
  });

  it('counts a call whole where a run with a larger budget has taken its room', async () => {
    const { run } = await made();
    const [small, large] = [run({ run: 'a', maxTokens: 20 }), run({ run: 'b', maxTokens: 1000 })];
    const call = await small.reserve(usage(10, 10));
    await (await large.reserve(usage(500, 0))).settle(usage(500, 0));
    await call.settle(usage(10, 9));
    expect((await small.spent()).own).toMatchObject({
      promptTokens: 10,
      completionTokens: 9,
      excessTokens: 0,
    });
  });

  it('adds up many calls at once without rounding', async () => {
    const { run } = await made();
    const prices = { input: 0.15, output: 0.6 };
    const budget = run({ run: 'a', maxCost: 1, prices });
    const one = async () => (await budget.reserve(usage(7, 7))).settle(usage(7, 3));
    await Promise.all(Array.from({ length: 50 }, one));
    const { own } = await budget.spent();
    expect(own).toMatchObject({ requests: 50, promptTokens: 350, completionTokens: 150 });
    expect(own.cost).toBe(costOf(usage(350, 150), prices));
  });

  it('has the prices given now for what was spent without any', async () => {
    const { run } = await made();
    await (await run({ run: 'a' }).reserve(usage(5, 5))).settle(usage(5, 5));
    const second = run({ run: 'b', prices: { input: 1e6, output: 1e6 } });
    expect((await second.spent()).others.cost).toBe(10);
  });

  it('is unspent where the attribute is something else', async () => {
    const { record, run } = await made();
    for (const adviser of ['mine', [1], { a: 3, b: { requests: -1 }, c: null }]) {
      await record.note({ attributes: { adviser, 'adviser.b': adviser, advisers: 1 } });
      const { own, others } = await run({ run: 'a' }).spent();
      for (const of of [own, others]) expect(of).toMatchObject({ requests: 0, promptTokens: 0, cost: 0 });
    }
  });

  it('counts the entries of a log that has those of all runs in one attribute', async () => {
    const { record, run } = await made();
    const reserved = { promptTokens: 5, completionTokens: 1 };
    const entry = { ...{ requests: 1, promptTokens: 90, cachedTokens: 0, completionTokens: 10 }, reserved };
    await record.note({ attributes: { adviser: { a: { ...entry, cost: 0, excessTokens: 0 } } } });
    await (await run({ run: 'b' }).reserve(usage(1, 1))).settle(usage(1, 1));
    expect((await run({ run: 'c', maxTokens: 110 }).spent()).others).toMatchObject({
      ...{ requests: 2, promptTokens: 96, completionTokens: 12 },
    });
    await expect(run({ run: 'c', maxTokens: 110 }).reserve(usage(3, 0))).rejects.toMatchObject({
      spent: 108,
    });
  });

  it('writes the entry of the run alone, however many runs there were', async () => {
    const storage = memoryStorage();
    const { run } = await made(storage);
    const before = (await storage.read('s', 0)).length;
    for (let i = 0; i < 40; i++)
      await (await run({ run: `run ${i}` }).reserve(usage(100, 50))).settle(usage(90, 10));
    const written = (await storage.read('s', 0)).slice(before);
    expect(written).toHaveLength(80);
    for (const event of written) expect(JSON.stringify(event).length).toBeLessThan(400);
    expect((await run({ run: 'next' }).spent()).others).toMatchObject({ requests: 40, promptTokens: 3600 });
  });

  it('counts what was spent before there was a study', async () => {
    const { run } = await made();
    const first = run({ run: 'a', maxTokens: 100 });
    const call = await first.reserve(usage(10, 5));
    const account = ledger();
    account.reserve(usage(60, 1)).settle(usage(20, 1));
    await first.add(account.state());
    expect((await first.spent()).own).toMatchObject({ requests: 1, promptTokens: 30, completionTokens: 6 });
    await call.settle(usage(10, 5));
    expect((await first.spent()).own).toMatchObject({ requests: 2, promptTokens: 30, completionTokens: 6 });
    await expect(run({ run: 'b', maxTokens: 100 }).reserve(usage(65, 0))).rejects.toMatchObject({
      spent: 36,
    });
  });

  it('refuses a call where there is no study to write it down, and budgets of 0', async () => {
    const none = studyRecord(memoryStorage(), 'none');
    await expect(studyBudget(none, { run: 'a' }).reserve(usage(1, 1))).rejects.toBeInstanceOf(StorageError);
    expect(() => studyBudget(none, { run: 'a', maxTokens: 0 })).toThrow(InvalidArgumentError);
  });

  it.each(['studies', 'sqlite:studies.db'])(
    'is spent to the last token, and never beyond, by processes that share it in %s',
    { timeout: 120_000 },
    async (place) => {
      const storage = place.replace('studies', join(folder, 'studies'));
      const opened = studiesIn(storage);
      const { run } = await made(opened as ReturnType<typeof memoryStorage>, 'shared');
      const program = fileURLToPath(new URL('./budget-worker.fixture.ts', import.meta.url));
      const budget = 61 * 17 + 16;
      const ended = await Promise.all(
        [1, 3].map((atOnce) =>
          runCommand(process.execPath, [
            ...['--conditions=@foothold/source', program, storage],
            ...[budget, 11, 6, atOnce].map(String),
          ]),
        ),
      );
      const used = ended.map(({ code, stdout, stderr }) => {
        expect(code, stderr).toBe(0);
        return Number(stdout);
      });
      expect(used[0]! + used[1]!).toBe(61 * 17);
      const { others } = await run({ run: 'none' }).spent();
      expect([others.promptTokens + others.completionTokens, others.requests]).toEqual([61 * 17, 61]);
      await opened.close?.();
    },
  );
});
