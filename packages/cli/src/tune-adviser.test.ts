import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptimizationError, seeded } from '@foothold/core';
import { defaultKeyVariable } from '@foothold/llm';
import { fileStorage, studyRecord } from '@foothold/study';
import {
  type FakeModelRequest,
  type FakeModelServer,
  fakeModelServer,
} from '@foothold/testing/fake-model-server';
import { afterAll, describe, expect, it } from 'vitest';
import { startIn } from './command.fixture.ts';
import { tune } from './commands/tune.ts';
import type { TuneOptions } from './commands/tune-options.ts';
import { llmKeyVariable } from './language-model/llm-key-variable.ts';
import { studiesIn } from './studies-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-adviser-'));
const servers: FakeModelServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const key = 'fk-0123456789abcdef';
const space = '{"x":{"type":"real","low":0,"high":1},"y":{"type":"real","low":0,"high":1}}';
writeFileSync(
  join(folder, 'train.cjs'),
  `const [x, y] = process.argv.slice(2).map(Number);
   console.log(JSON.stringify(process.env).includes('fk-') ? 'the key is here' : 'loss: ' + ((x - 0.62) ** 2 + (y - 0.31) ** 2));`,
);
writeFileSync(
  join(folder, 'card.json'),
  JSON.stringify({
    ...{ model: 'network', task: 'regression', metric: 'loss', direction: 'minimize' },
    hyperparameters: { x: { meaning: 'momentum' }, y: { meaning: 'dropout' } },
  }),
);

const run = ['--run', 'node train.cjs {x} {y}', '--space', space, '--seed', '2'];
const nearOptimum = ({ number }: FakeModelRequest) =>
  Array.from({ length: 5 }, (_, i) => `## x: ${0.6 + 0.01 * i}, y: ${0.3 + 0.001 * (number + i)} ##`).join(
    '\n',
  );

async function served(script: Parameters<typeof fakeModelServer>[0] = nearOptimum) {
  const server = await fakeModelServer(script, { models: ['fake'], key });
  servers.push(server);
  return { server, line: ['--adviser', 'fake', '--base-url', server.baseURL] };
}

function started(args: readonly string[]) {
  return startIn(folder, ['tune', ...run, ...args], { [defaultKeyVariable]: key });
}
async function ended(args: readonly string[]) {
  const { ended: end, out, err } = started(args);
  return { code: await end, out: out(), err: err() };
}

const storage = fileStorage(join(folder, 'foothold-studies'));
const stateOf = (name: string) => studyRecord(storage, name).state();
interface Advice {
  readonly asked: boolean;
  readonly followed: boolean;
  readonly cost?: number;
  readonly failure?: string;
}
const adviceOf = async (name: string) =>
  (await stateOf(name)).trials.map(({ why }) => why?.['adviser'] as unknown as Advice | undefined);

/** What the server counted: a token for four characters. */
function tokensOf({ requests }: FakeModelServer): number {
  return requests.reduce(
    (sum, request) =>
      sum +
      Math.ceil(request.system.length / 4) +
      Math.ceil(request.prompt.length / 4) +
      request.count * Math.ceil(nearOptimum(request).length / 4),
    0,
  );
}
const keptTokens = async (name: string) =>
  Object.entries((await stateOf(name)).attributes!)
    .flatMap(([attribute, kept]) => (attribute.startsWith('adviser.') ? [kept as unknown as Kept] : []))
    .reduce(
      (sum, { promptTokens, completionTokens, reserved }) =>
        sum + promptTokens + completionTokens + reserved.promptTokens + reserved.completionTokens,
      0,
    );
interface Kept {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reserved: { readonly promptTokens: number; readonly completionTokens: number };
}

describe('foothold tune --adviser', { timeout: 180_000 }, () => {
  it('asks the model of the card where an acquisition decides, and says what that cost', async () => {
    const { server, line } = await served();
    const prices = ['--price-input', '1', '--price-output', '2', '--max-cost', '1'];
    const { code, out, err } = await ended([
      ...[
        ...line,
        '--card',
        'card.json',
        ...prices,
        '--trials',
        '9',
        '--name',
        'advised',
        '--report',
        'report.html',
      ],
    ]);
    expect([code, err.includes('the key is here')]).toEqual([0, false]);
    expect(out).toMatch(/^best value /);
    const advice = (await adviceOf('advised')).filter((one) => one !== undefined);
    expect(advice.length).toBeGreaterThan(0);
    expect(advice.find(({ asked }) => asked)!.cost).toBeGreaterThan(0);
    const [request] = server.requests;
    expect([request!.key, request!.model]).toEqual([key, 'fake']);
    for (const word of ['network', 'momentum', 'dropout']) expect(request!.prompt).toContain(word);
    const told = tokensOf(server);
    expect(err).toMatch(
      new RegExp(`adviser fake: ${server.requests.length} calls?, ${told} tokens, cost 0\\.\\d+ in all`),
    );
    expect(await keptTokens('advised')).toBe(told);
    const log = JSON.stringify(await storage.read('advised', 0));
    // Beside earlier studies too.
    const next = await ended([...line, '--from', 'advised', '--trials', '2', '--name', 'next']);
    expect(next.code).toBe(0);
    expect((await stateOf('next')).configured?.sampler).toMatchObject({
      name: 'advised',
      options: { context: 'none', sampler: { name: 'auto', options: { transfer: [{ name: 'advised' }] } } },
    });
    const report = readFileSync(join(folder, 'report.html'), 'utf8');
    for (const text of [log, report, out, err]) expect(text).not.toContain(key);
  });

  it('keeps what the model said, so that replay asks none and finds what was changed', async () => {
    // In one of three proposals near the optimum, and never the same again.
    const { server, line } = await served(({ number }) => {
      const rng = seeded(number);
      const at = (i: number) => (i % 3 === 0 ? [0.6, 0.3, 0.04] : [0, 0, 1]) as [number, number, number];
      return Array.from({ length: 6 }, (_, i) => {
        const [x, y, width] = at(i);
        return `## x: ${x + width * rng.next()}, y: ${y + width * rng.next()} ##`;
      }).join('\n');
    });
    expect((await ended([...line, '--name', 'said', '--trials', '8'])).code).toBe(0);
    expect((await ended([...line, '--name', 'after', '--from', 'said', '--trials', '2'])).code).toBe(0);
    const calls = server.requests.length;
    const replayed = async (...args: string[]) => {
      const process = startIn(folder, ['replay', ...args]);
      return [await process.ended, process.out() + process.err()];
    };
    expect(await replayed('said')).toEqual([0, '0 of 8 suggestions differ\n']);
    expect(await replayed('after', '--from', 'said')).toEqual([0, '0 of 2 suggestions differ\n']);
    const followed = (await adviceOf('said')).findIndex((advice) => advice?.followed);
    expect(followed).toBeGreaterThan(0);
    const text = readFileSync(join(folder, 'foothold-studies/said.jsonl'), 'utf8');
    const changed = text
      .replaceAll(/,"sum":"\w+"\}/g, '}')
      .replaceAll(/"proposed":\[\{[^\]]*\]/g, (list) => list.replaceAll('"x":0.6', '"x":0.1'));
    writeFileSync(join(folder, 'foothold-studies/changed.jsonl'), changed);
    const [code, difference] = await replayed('changed');
    expect(code).toBe(1);
    expect(difference).toMatch(
      new RegExp(`^trial ${followed}: it was x=0\\.6.*, now x=0\\.[^6].*a log that was changed`),
    );
    expect(server.requests.length).toBe(calls);
  });

  it('has one budget for all runs of a study, which goes on without the model when it is spent', async () => {
    const { server, line } = await served();
    const first = await ended([...line, '--max-tokens', '9000', '--name', 'budget', '--trials', '7']);
    expect(first.code).toBe(0);
    const spent = tokensOf(server);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(9000);
    const calls = server.requests.length;
    const limited = [...line, '--max-tokens', String(spent + 50), '--name', 'budget'];
    const second = await ended([...limited, '--trials', '12']);
    expect(second.code).toBe(0);
    expect(second.err).toContain(
      `adviser fake: 0 calls, ${spent} tokens in all, ${spent} tokens of them in other runs`,
    );
    expect(server.requests).toHaveLength(calls);
    expect(await keptTokens('budget')).toBe(spent);
    expect((await stateOf('budget')).trials.filter(({ state }) => state === 'complete')).toHaveLength(12);
  });

  it('counts a call that was under way when the run was killed with all that was set aside for it', async () => {
    const { server, line } = await served(() => 'silence');
    const args = [...line, '--max-tokens', '9000', '--name', 'killed', '--trials', '7'];
    const process = started(args);
    while (server.requests.length === 0) await new Promise((next) => setTimeout(next, 20));
    process.child.kill('SIGKILL');
    await process.ended;
    const [{ system, prompt, count, maxTokens }] = server.requests as [FakeModelRequest];
    expect(await keptTokens('killed')).toBeGreaterThanOrEqual(
      system.length + prompt.length + count * maxTokens!,
    );
  });

  it.each(['foothold-studies', 'sqlite:studies.db'])(
    'keeps two runs at the same time within the budget to the token, in %s',
    async (place) => {
      const name = 'together';
      const here = place.replace('studies.db', join(folder, 'studies.db'));
      const storage = studiesIn(here.replace('foothold-studies', join(folder, 'foothold-studies')));
      const trialsOf = async () => (await studyRecord(storage, name).state()).trials;
      const worstOf = ({ system, prompt, count, maxTokens }: FakeModelRequest) => ({
        prompt_tokens: system.length + prompt.length + 64,
        completion_tokens: count * maxTokens!,
      });
      const refusals = async () =>
        (await trialsOf()).filter(({ why }) => /budget/.test(JSON.stringify(why?.['adviser'] ?? '')));
      // Each call uses all that was reserved for it, and lasts until another run was refused one.
      const { server, line } = await served(async (request) => {
        for (const until = Date.now() + 60_000; Date.now() < until; )
          if ((await refusals()).length > 0) break;
          else await new Promise((next) => setTimeout(next, 50));
        return { texts: [nearOptimum(request)], usage: worstOf(request) };
      });
      const budget = 4000;
      const args = ['--storage', here, '--max-tokens', `${budget}`, '--name', name, '--trials', '8'];
      const ends = await Promise.all([ended([...line, ...args]), ended([...line, ...args])]);
      for (const { code, err } of ends)
        expect([code, err]).toEqual([0, expect.stringContaining('adviser fake:')]);
      expect(server.requests.length).toBeGreaterThan(0);
      const used = server.requests
        .map(worstOf)
        .reduce((sum, of) => sum + of.prompt_tokens + of.completion_tokens, 0);
      expect(used).toBeLessThanOrEqual(budget);
      // Another call like these does not fit.
      expect(used).toBeGreaterThan(budget / 2);
      expect((await trialsOf()).map(({ state }) => state)).toEqual(Array(8).fill('complete'));
      expect((await refusals()).length).toBeGreaterThan(0);
      for (const { err } of ends) expect(err).not.toContain('Error');
      await storage.close?.();
    },
  );

  it.each<[what: string, flags: readonly string[], error: string]>([
    ['does not have the model', [], 'language model none: the provider answers 404'],
    [
      'may be asked for less than one token',
      ['--max-tokens', '5'],
      'the budget of 5 tokens does not allow this call',
    ],
  ])('leaves no study behind where a provider, which lists no models, %s', async (what, flags, error) => {
    const server = await fakeModelServer(() => ({ status: 404, message: 'no such model' }));
    servers.push(server);
    const name = what.replaceAll(' ', '-');
    const at = ['--adviser', 'none', '--base-url', server.baseURL, '--trials', '3', '--name', name];
    const end = await ended([...at, ...flags]);
    expect([end.code, end.err]).toEqual([1, expect.stringContaining(error)]);
    expect((await stateOf(name)).created).toBeUndefined();
  });

  it('counts the token that it asks such a provider for before there is a study', async () => {
    const server = await fakeModelServer(nearOptimum);
    servers.push(server);
    const line = ['--adviser', 'unlisted', '--base-url', server.baseURL, '--name', 'unlisted'];
    const end = await ended([...line, '--trials', '1', '--max-tokens', '2000']);
    expect([end.code, server.requests.length]).toEqual([0, 1]);
    expect(await keptTokens('unlisted')).toBe(tokensOf(server));
    expect(end.err).toContain('adviser unlisted: 1 call,');
  });

  const at = 'http://127.0.0.1:1/v1';
  it.each<[string, { readonly [option in keyof TuneOptions]?: unknown }, string]>([
    ['no key', { adviser: 'fake', baseUrl: at }, `no key in the environment variable ${llmKeyVariable}`],
    ['nobody at the address', { adviser: 'fake', baseUrl: at, key: false }, 'language model fake'],
    ['no address', { adviser: 'fake' }, '--base-url'],
    [
      'a budget without prices',
      { adviser: 'fake', baseUrl: at, maxCost: 1 },
      '--max-cost needs --price-input',
    ],
    ['a card without an adviser', { card: 'card.json' }, '--card goes with --adviser'],
    ['a sampler that never asks', { adviser: 'fake', baseUrl: at, sampler: 'tpe' }, 'auto, gp, trust-region'],
    ['a cost', { adviser: 'fake', baseUrl: at, cost: 'seconds' }, '--cost'],
    ['several objectives', { adviser: 'fake', baseUrl: at, objective: ['size'] }, '--objective'],
    ['a card of another space', { adviser: 'fake', baseUrl: at, card: 'other.json' }, 'hyperparameters.z'],
    [
      'a card for another direction',
      { adviser: 'fake', baseUrl: at, card: 'card.json', direction: 'maximize' },
      'direction',
    ],
    ['a card that is no JSON', { adviser: 'fake', baseUrl: at, card: 'train.cjs' }, 'JSON'],
  ])('refuses %s before it writes anything', async (_, over, message) => {
    writeFileSync(
      join(folder, 'other.json'),
      JSON.stringify({
        ...{ model: 'network', task: 'regression', metric: 'loss', direction: 'minimize' },
        hyperparameters: { x: {}, y: {}, z: {} },
      }),
    );
    const card = over.card === undefined ? {} : { card: join(folder, over.card as string) };
    const options = {
      ...{ space, run: 'node train.cjs {x} {y}', trials: 3, sampler: 'auto', direction: 'minimize' },
      ...{
        concurrency: 1,
        keepOutput: 0,
        lease: 60,
        retries: 0,
        key: true,
        storage: join(folder, 'untouched'),
      },
      ...{ ...over, ...card },
    };
    const error = await tune(options as unknown as TuneOptions).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptimizationError);
    expect(String(error)).toContain(message);
    expect(existsSync(join(folder, 'untouched'))).toBe(false);
  });

  it('is refused by small-to-large with the way to do it', async () => {
    const process = startIn(folder, ['small-to-large', '--space', space, '--adviser', 'fake']);
    expect(await process.ended).toBe(1);
    expect(process.err()).toContain('foothold tune --from SMALL --adviser MODEL');
  });

  it('reads its key where the library does', () => {
    expect(llmKeyVariable).toBe(defaultKeyVariable);
  });
});
