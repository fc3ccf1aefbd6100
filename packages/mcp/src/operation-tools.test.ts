import { serveStudies } from '@foothold/server';
import { memoryStorage } from '@foothold/study';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { line } from './agent.fixture.ts';
import { operationTools } from './operation-tools.ts';
import { type StudyCalls, studyCalls } from './study-calls.ts';

const token = 'a-token-of-this-test';
const context = { signal: new AbortController().signal, progress: () => undefined };

describe('the leases of an agent’s trials', () => {
  const renewing = new Set<unknown>();
  beforeEach(() => {
    renewing.clear();
    const { setInterval: set, clearInterval: clear } = globalThis;
    vi.spyOn(globalThis, 'setInterval').mockImplementation(((...given: Parameters<typeof set>) => {
      const timer = set(...given);
      renewing.add(timer);
      return timer;
    }) as typeof set);
    vi.spyOn(globalThis, 'clearInterval').mockImplementation((timer) => {
      renewing.delete(timer);
      clear(timer);
    });
  });
  afterEach(() => vi.restoreAllMocks());

  /** The tools on a server, whose study `s` is opened by `opened`. */
  const toolsOn = async (opened: (open: StudyCalls['study']) => StudyCalls['study'] = (open) => open) => {
    const server = serveStudies({ storage: memoryStorage(), token, clock: () => Date.now() });
    const calls = studyCalls({ ...server, token });
    const { tools, close } = operationTools({ ...calls, study: opened(calls.study) });
    const call = async (name: string, given: object) =>
      (await tools.find((tool) => tool.name === name)!.call(given, context)) as {
        readonly trials: readonly { readonly number: number }[];
      };
    await call('create', { name: 's', space: line, sampler: 'random' });
    // What the server itself repeats is no lease.
    renewing.clear();
    return { call, close, end: server.close };
  };

  it('are renewed by one timer a study, however many ask at once, which keeps no process alive', async () => {
    const { call, close, end } = await toolsOn();
    const asked = await Promise.all([1, 2, 3].map(() => call('ask', { study: 's' })));
    expect(renewing.size).toBe(1);
    for (const timer of renewing) expect((timer as NodeJS.Timeout).hasRef()).toBe(false);
    for (const { trials } of asked) await call('tell', { study: 's', number: trials[0]!.number, value: 1 });
    expect(renewing.size).toBe(0);
    await call('ask', { study: 's' });
    expect(renewing.size).toBe(1);
    close();
    await vi.waitFor(() => expect(renewing.size).toBe(0));
    end();
  });

  it('are not renewed for an ask that is answered after the end', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let opening: () => void = () => undefined;
    const isOpening = new Promise<void>((resolve) => {
      opening = resolve;
    });
    const { call, close, end } = await toolsOn((open) => async (name, worker) => {
      opening();
      await gate;
      return open(name, worker);
    });
    const asked = call('ask', { study: 's' });
    await isOpening;
    close();
    go();
    await asked;
    expect(renewing.size).toBe(0);
    end();
  });

  it('are renewed at the next ask where the study could not be opened', async () => {
    let failures = 1;
    const { call, close, end } = await toolsOn((open) => async (name, worker) => {
      if (failures-- > 0) throw new Error('busy');
      return open(name, worker);
    });
    await expect(call('ask', { study: 's' })).rejects.toThrow('busy');
    await call('ask', { study: 's' });
    expect(renewing.size).toBe(1);
    close();
    end();
  });
});
