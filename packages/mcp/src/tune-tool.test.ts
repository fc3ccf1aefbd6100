import { studyRecord } from '@foothold/study';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, connected, line, trialOf } from './agent.fixture.ts';
import type { AllowedCommands, CommandParameter } from './index.ts';

afterEach(closeAll);

describe('tune', () => {
  const command = 'train {x}';
  const objective: AllowedCommands['objective'] = () => async (params) => (params['x'] as number) ** 2;
  const of = (own: AllowedCommands['objective'] = objective) =>
    withParameters([{ name: 'x', isArgument: true }], own);
  const withParameters = (parameters: readonly CommandParameter[], own = objective) =>
    connected({ allowed: { commands: [command], parameters: () => parameters, objective: own } });

  it('evaluates until there are so many trials, and tells how far it is', async () => {
    const { call, client } = await of();
    await call('create', { name: 's', space: line, sampler: 'random' });
    const heard: { readonly progress: number; readonly total?: number | undefined }[] = [];
    const { structuredContent } = await client.callTool(
      { name: 'tune', arguments: { study: 's', command, trials: 6, concurrency: 2 } },
      undefined,
      { onprogress: (progress) => void heard.push(progress) },
    );
    expect(structuredContent).toMatchObject({ finished: 6, stopped: 'trials', best: { state: 'complete' } });
    expect(heard.at(-1)).toMatchObject({ total: 6 });
    for (const [k, { progress }] of heard.slice(1).entries())
      expect(progress).toBeGreaterThan(heard[k]!.progress);
  });

  it('hands the study’s pruner what the evaluation reports', async () => {
    const pruner = { name: 'threshold', upper: 10 };
    const given: unknown[] = [];
    const { call } = await of((_, options) => {
      given.push(options.pruner);
      return async ({ x }, { number, report }) => {
        await report(1, number === 1 ? 11 : 1);
        return x as number;
      };
    });
    await call('create', { name: 'plain', space: line, sampler: 'random' });
    await call('create', { name: 's', space: line, sampler: 'random', pruner });
    for (const study of ['plain', 's']) await call('tune', { study, command, trials: 3 });
    expect(given).toEqual([undefined, pruner]);
    const states = async (study: string) =>
      ((await call('trials', { study }))['trials'] as readonly { readonly state: string }[]).map(
        ({ state }) => state,
      );
    expect(await states('plain')).toEqual(['complete', 'complete', 'complete']);
    expect(await states('s')).toEqual(['complete', 'pruned', 'complete']);
  });

  it('takes no other command, however like it', async () => {
    const { call, refusal } = await of();
    await call('create', { name: 's', space: line });
    for (const other of ['rm -rf /', `${command} --more`, ` ${command}`, command.toUpperCase()])
      expect(await refusal('tune', { study: 's', command: other, trials: 1 })).toMatchObject({
        ...{ code: 'InvalidArgumentError', argument: 'command', value: other },
        allowed: JSON.stringify(command),
      });
  });

  it('refuses choices that a program would take for an option', async () => {
    const { call, refusal } = await of();
    await call('create', {
      name: 's',
      space: { x: { type: 'categorical', choices: ['a', '--output=/etc/x'] } },
    });
    expect(await refusal('tune', { study: 's', command, trials: 1 })).toMatchObject({
      ...{ code: 'InvalidArgumentError', argument: 'space.x', value: '--output=/etc/x' },
    });
  });

  const real = { type: 'real', low: 0, high: 1 };
  const text = { type: 'categorical', choices: ['a', 'b'] };
  it.each([
    ['another parameter', { x: real, 'print $1': text }, 'space', 'not in the command: print $1'],
    ['a parameter too few', { y: real }, 'space', 'missing: x; not in the command: y'],
    ['the trial’s number', { x: real, trial: text }, 'space.trial', 'another name'],
    ['the trial’s slot', { x: real, slot: text }, 'space.slot', 'another name'],
    ['no value', { x: { type: 'categorical', choices: ['a', null] } }, 'space.x', 'numbers, texts'],
  ])('refuses a space with %s', async (_, space, argument, allowed) => {
    const { call, refusal } = await of();
    await call('create', { name: 's', space });
    expect(await refusal('tune', { study: 's', command, trials: 1 })).toMatchObject({
      ...{ code: 'InvalidArgumentError', argument },
      allowed: expect.stringContaining(allowed),
    });
    expect(await call('study', { study: 's' })).toMatchObject({ trials: 0 });
  });

  it('refuses a condition: its argument would go, and the flag before it', async () => {
    const both = ['x', 'y'].map((name) => ({ name, isArgument: true }));
    const { call, refusal } = await withParameters(both);
    await call('create', { name: 's', space: { x: { ...real, when: { y: ['a'] } }, y: text } });
    expect(await refusal('tune', { study: 's', command, trials: 1 })).toMatchObject({
      ...{ code: 'InvalidArgumentError', argument: 'space.x.when' },
    });
  });

  it('takes nothing but numbers within a word of the command', async () => {
    const { call, refusal } = await withParameters([{ name: 'x', isArgument: false }]);
    for (const [name, space] of Object.entries({
      categorical: text,
      ordinal: { ...text, type: 'ordinal' },
      boolean: { type: 'boolean' },
    })) {
      await call('create', { name, space: { x: space } });
      expect(await refusal('tune', { study: name, command, trials: 1 })).toMatchObject({
        ...{ code: 'InvalidArgumentError', argument: 'space.x' },
        allowed: expect.stringContaining('numbers'),
      });
    }
    await call('create', { name: 'numbers', space: { x: { type: 'ordinal', choices: [1, 2] } } });
    expect(await call('tune', { study: 'numbers', command, trials: 1 })).toMatchObject({ finished: 1 });
  });

  it('evaluates no trial that does not fit, where the space is edited while it runs', async () => {
    const seen: unknown[] = [];
    const { call, storage } = await of(() => async (params) => {
      seen.push(params);
      if (seen.length === 1)
        await studyRecord(storage, 's').edit({
          space: { x: { type: 'categorical', choices: ['-o', '-p', '-q'] } },
        });
      return 0;
    });
    await call('create', { name: 's', space: { x: text }, sampler: 'random' });
    await call('tune', { study: 's', command, trials: 4 });
    expect(seen).toEqual([{ x: expect.stringMatching(/^[ab]$/) }]);
    expect(await call('trials', { study: 's' })).toMatchObject({
      trials: [
        { state: 'complete' },
        ...[1, 2, 3].map(() => ({ state: 'failed', reason: expect.stringContaining('do not begin with -') })),
      ],
    });
  });

  it('gives its trials back when the call is cancelled', async () => {
    let started: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      started = resolve;
    });
    const { call, client } = await of(() => (_, { signal }) => {
      started();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await call('create', { name: 's', space: line });
    const cancelling = new AbortController();
    const run = client.callTool({ name: 'tune', arguments: { study: 's', command, trials: 3 } }, undefined, {
      signal: cancelling.signal,
    });
    await begun;
    cancelling.abort();
    await expect(run).rejects.toThrow();
    await expect
      .poll(async () => (await call('studies'))['studies'])
      .toMatchObject([
        { counts: { complete: 0, failed: 0 }, activity: expect.not.stringMatching('running') },
      ]);
  });

  it('goes on in the background where nobody waits, once a study, until the study is stopped', async () => {
    let end: () => void = () => undefined;
    const gate = new Promise<number>((resolve) => {
      end = () => resolve(1);
    });
    const { call, refusal } = await of(() => () => gate);
    await call('create', { name: 's', space: line, sampler: 'random' });
    const tune = { study: 's', command, trials: 50 };
    expect(await call('tune', { ...tune, wait: false })).toEqual({ ok: true, study: 's', running: true });
    expect(await refusal('tune', tune)).toMatchObject({ code: 'InvalidArgumentError', argument: 'study' });
    await expect
      .poll(async () => (await call('studies'))['studies'])
      .toMatchObject([{ counts: { running: 1 } }]);
    await call('stop', { study: 's' });
    end();
    await expect
      .poll(async () => (await call('studies'))['studies'])
      .toMatchObject([{ counts: { running: 0, complete: 1 } }]);
  });

  it('says how many trials have ended where others have some of them, and is another worker in each run', async () => {
    const { call, storage } = await of();
    // Its lease is renewed within two seconds, which shows that its worker lives.
    await call('create', { name: 's', space: line, sampler: 'random', lease: 6 });
    await call('ask', { study: 's' });
    expect(await call('tune', { study: 's', command, trials: 2 })).toMatchObject({
      ...{ finished: 1, stopped: 'trials' },
      reason: '1 of 2 trials have ended, the others are with other workers',
    });
    await call('tell', { study: 's', number: 0, value: 1 });
    expect(await call('tune', { study: 's', command, trials: 3 })).toMatchObject({
      reason: 'all 3 trials are done',
    });
    const events = await storage.read('s', 0);
    const workers = events.flatMap((event) =>
      event.type === 'asked' && event.lease ? [event.lease.owner] : [],
    );
    const own = new Set(workers.filter((worker) => worker.startsWith('mcp-tune')));
    expect(own.size).toBe(2);
  });

  it('says that the study was stopped', async () => {
    let stop: () => Promise<unknown> = async () => undefined;
    const { call } = await of(() => async (_, { number }) => {
      if (number === 1) await stop();
      return 1;
    });
    await call('create', { name: 's', space: line, sampler: 'random' });
    stop = () => call('stop', { study: 's' });
    expect(await call('tune', { study: 's', command, trials: 50 })).toMatchObject({
      ...{ finished: 2, stopped: 'stop', reason: 'the study was stopped: 2 of 50 trials have ended' },
    });
  });

  it('ends after five failures in the same way at the start', async () => {
    const { call } = await of(() => (_, { number }) => ({ state: 'failed', reason: `no file ${number}` }));
    await call('create', { name: 's', space: line, sampler: 'random' });
    expect(await call('tune', { study: 's', command, trials: 50 })).toMatchObject({
      ...{ finished: 5, stopped: 'failures', best: null },
      reason: 'the first 5 trials failed in the same way: no file 4',
    });
  });

  it('goes on after failures of different kinds, and where the study has a complete trial', async () => {
    const kinds = ['no file', 'out of memory'];
    const { call } = await of(() => (_, { number }) => ({ state: 'failed', reason: kinds[number % 2]! }));
    await call('create', { name: 's', space: line, sampler: 'random' });
    expect(await call('tune', { study: 's', command, trials: 8 })).toMatchObject({ finished: 8 });
    const proven = await of(() => () => ({ state: 'failed', reason: 'no file' }));
    await proven.call('create', { name: 's', space: line, sampler: 'random' });
    const { number } = trialOf(await proven.call('ask', { study: 's' }));
    await proven.call('tell', { study: 's', number, value: 1 });
    expect(await proven.call('tune', { study: 's', command, trials: 8 })).toMatchObject({ finished: 7 });
  });
});
