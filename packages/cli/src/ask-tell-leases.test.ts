import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { command, node } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-lease-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
/** What this file reads of answers. */
interface Answered {
  readonly trials: readonly { readonly number: number; readonly params: object }[];
  readonly error: { readonly message: string };
}
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** `foothold ask-tell` as on a machine of this name, with the study made. */
async function onMachine(host: string, study: string, more: object = {}) {
  const child = spawn(node, [...command, 'ask-tell'], {
    cwd: folder,
    env: { ...process.env, FOOTHOLD_HOST: host },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = async (request: object): Promise<Answered> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse((await lines.next()).value ?? '');
  };
  const space = { x: { type: 'real', low: 0, high: 1 } };
  const created = await call({ op: 'create', space, sampler: 'random', name: study, storage: 's', ...more });
  expect(created).toEqual({ ok: true, study });
  const ask = async () => (await call({ op: 'ask' })).trials[0]!;
  return { child, call, ask };
}

describe('a lease in ask-tell', { timeout: 60_000 }, () => {
  it('that ran out gives the trial of a killed process on another machine to the next ask', async () => {
    const a = await onMachine('a', 'killed', { lease: 2 });
    const lost = await a.ask();
    const b = await onMachine('b', 'killed', { lease: 2 });
    expect((await b.ask()).number).toBe(1);
    a.child.kill('SIGKILL');
    await once(a.child, 'exit');
    expect((await b.ask()).number).toBe(2);
    await sleep(2500);
    expect(await b.ask()).toMatchObject({ number: 0, params: lost.params });
    expect(await b.call({ op: 'tell', number: 0, value: 1 })).toEqual({ ok: true });
  });

  it('is renewed as long as the process runs, and a trial that is told keeps its outcome', async () => {
    const a = await onMachine('a', 'kept', { lease: 1 });
    const b = await onMachine('b', 'kept', { lease: 1 });
    await a.ask();
    await sleep(2500);
    expect((await b.ask()).number).toBe(1);
    expect(await a.call({ op: 'tell', number: 0, value: 0.5 })).toEqual({ ok: true });
    await sleep(1200);
    expect((await b.ask()).number).toBe(2);
  });

  it('that another worker has taken is refused to the first one, by name', async () => {
    const a = await onMachine('a', 'taken', { lease: 1 });
    await a.ask();
    a.child.kill('SIGSTOP'); // a machine that sleeps
    const b = await onMachine('b', 'taken', { lease: 1 });
    await sleep(1500);
    expect((await b.ask()).number).toBe(0);
    a.child.kill('SIGCONT');
    const { error } = await a.call({ op: 'tell', number: 0, value: 1 });
    expect(error).toMatchObject({ code: 'TrialStateError', number: 0 });
    expect(error.message).toMatch(/running at b:\d+:\S* since its lease ran out/);
  });

  it('that was lost has its outcome kept where `late` says so, and its trial fails after `retries`', async () => {
    const a = await onMachine('a', 'late', { lease: 1, late: 'keep' });
    await a.ask();
    a.child.kill('SIGSTOP');
    const b = await onMachine('b', 'late', { lease: 1, retries: 0 });
    await sleep(1500);
    expect((await b.ask()).number).toBe(1);
    a.child.kill('SIGCONT');
    expect(await a.call({ op: 'tell', number: 0, value: 1 })).toEqual({ ok: true });
    expect((await b.call({ op: 'trials' })).trials).toMatchObject([
      { number: 0, state: 'failed', reason: 'its worker ended or was silent once, and retries is 0' },
      { number: 1, state: 'running' },
      { number: 2, state: 'complete', value: 1, loaded: true, attributes: { lateFor: 0 } },
    ]);
  });

  it('is 120 seconds where nothing is said', async () => {
    const a = await onMachine('a', 'endless');
    await a.ask();
    a.child.kill('SIGKILL');
    await once(a.child, 'exit');
    const b = await onMachine('b', 'endless');
    await sleep(300);
    expect((await b.ask()).number).toBe(1);
  });

  it('is a number of seconds above 0', async () => {
    const { call } = await onMachine('a', 'wrong');
    for (const lease of [0, -1, 'long', 1e10]) {
      const { error } = await call({ op: 'create', space: { x: { type: 'real', low: 0, high: 1 } }, lease });
      expect(error.message).toMatch(/^lease is /);
    }
  });
});
