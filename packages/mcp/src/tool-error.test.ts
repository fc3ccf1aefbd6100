import type { Storage } from '@foothold/core';
import { memoryStorage } from '@foothold/study';
import { afterEach, describe, expect, it } from 'vitest';
import { type Content, closeAll, connected, line, studied } from './agent.fixture.ts';

afterEach(closeAll);

describe('wrong calls', () => {
  const invalid = (argument: string, value?: unknown) => ({
    code: 'InvalidArgumentError',
    argument,
    ...(value !== undefined && { value }),
    allowed: expect.any(String),
    retry: false,
  });
  it.each([
    ['create', { space: line, drection: 'maximize' }, invalid('drection', 'maximize')],
    ['create', { space: { x: { type: 'reel' } } }, { code: 'InvalidArgumentError' }],
    ['create', { name: '../x', space: line }, invalid('name', '../x')],
    ['create', { name: 's', space: line, storage: '/tmp' }, invalid('storage')],
    ['create', { space: line, sampler: 'best-ever' }, { code: 'InvalidArgumentError' }],
    ['ask', {}, invalid('study')],
    ['ask', { study: 's', count: 0 }, invalid('count', 0)],
    ['ask', { study: 's', key: 'a b' }, invalid('key', 'a b')],
    ['ask', { study: 's', fixed: { y: 1 } }, { code: expect.stringMatching(/Error$/) }],
    ['tell', { study: 's', number: 0 }, invalid('value')],
    ['tell', { study: 's', number: '0', value: 1 }, invalid('number', '0')],
    ['tell', { study: 's', number: 77, value: 1 }, { code: 'TrialStateError', from: 'unknown' }],
    ['report', { study: 's', number: 0, step: 1 }, invalid('value')],
    [
      'enqueue',
      { study: 's', params: { x: 7 } },
      { code: 'OutOfSpaceError', parameter: 'x', value: 7, allowed: '[-1, 1]' },
    ],
    ['load', { study: 's', trials: [{ params: { x: 0 } }] }, invalid('value')],
    ['note', { study: 's', number: -1, note: 'a' }, invalid('number', -1)],
    ['release', { study: 's' }, invalid('number')],
    ['fail', { study: 's', number: 1.5 }, invalid('number', 1.5)],
    ['delete', { study: 's' }, invalid('number')],
    ['restore', { study: 's', number: null }, invalid('number')],
    ['stop', { study: 's', now: true }, invalid('now')],
    ['resume', { study: '' }, invalid('study', '')],
    ['studies', { limit: 1e9 }, invalid('limit', 1e9)],
    ['study', { study: 'nope' }, { code: 'NotFoundError' }],
    ['best', { study: 'nope' }, { code: 'NotFoundError' }],
    ['trials', { study: 's', from: -1 }, invalid('from', -1)],
    ['compare', { studies: ['s'] }, invalid('studies')],
    ['compare', { studies: ['s', 'nope'] }, { code: 'NotFoundError', argument: 'study' }],
    ['belief', { study: 's', params: [] }, invalid('params')],
    ['belief', { study: 's', params: [{ x: 3 }] }, { code: 'OutOfSpaceError', parameter: 'x' }],
    ['belief', { study: 's', params: [{ x: 0 }], metric: 'speed' }, invalid('metric', 'speed')],
    ['importance', { study: 'nope' }, { code: 'NotFoundError' }],
  ] as const)('%s %j is refused with what is wrong', async (name, given, error) => {
    const { refusal, errors } = await studied(3);
    expect(await refusal(name, given as Content)).toMatchObject(error);
    expect(errors).toEqual([]);
  });

  it('of a tool that there is not are errors of the protocol', async () => {
    const { client } = await connected();
    await expect(client.callTool({ name: 'rename', arguments: {} })).rejects.toThrow('no tool of this name');
    await expect(client.callTool({ name: 'tune', arguments: {} })).rejects.toThrow('no tool of this name');
  });

  it('a model of too little says how much it needs', async () => {
    const { refusal } = await studied(1);
    expect(await refusal('importance', { study: 's' })).toMatchObject({
      code: 'FitError',
      message: expect.stringContaining('2 complete trials'),
    });
  });

  it('shows nothing of an error that nobody threw on purpose', async () => {
    const memory = memoryStorage();
    const storage: Storage = {
      ...memory,
      read: () => Promise.reject(new Error('the password is hunter2')),
    };
    const { refusal, errors } = await connected({ storage });
    const error = await refusal('best', { study: 's' });
    expect(error).toMatchObject({ code: 'InternalError' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(String(errors[0])).toContain('hunter2');
  });
});
