import { PassThrough } from 'node:stream';
import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { serveAskTell } from './serve-ask-tell.ts';

/** Sends the lines and returns the answers, one a line. */
async function converse(...lines: readonly (string | object)[]): Promise<Record<string, never>[]> {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  for (const line of lines) input.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  input.end();
  let clock = 0;
  await serveAskTell(input, output, { now: () => clock++ });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const space = {
  lr: { type: 'real', low: 1e-4, high: 1e-1, log: true },
  layers: { type: 'int', low: 1, high: 5 },
  units: { type: 'int', low: 16, high: 512, log: true },
  act: { type: 'categorical', choices: ['relu', 'gelu'] },
  batch: { type: 'ordinal', choices: [16, 32, 64] },
  optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
  momentum: { type: 'real', low: 0, high: 1, when: { optimizer: ['sgd'] } },
};
const create = { op: 'create', space, direction: 'minimize', seed: 7, trials: 50 };
const params = { lr: 0.01, layers: 2, units: 64, act: 'relu', batch: 32, optimizer: 'adam' };

describe('the line protocol', () => {
  it('creates, loads, enqueues, asks, reports, tells and names the best', async () => {
    const answers = await converse(
      create,
      {
        op: 'load',
        trials: [
          { params, value: 0.5 },
          { params: { ...params, lr: 0.02 }, state: 'failed', reason: 'memory' },
        ],
      },
      { op: 'enqueue', params: { ...params, layers: 3 } },
      { op: 'ask', count: 2 },
      { op: 'report', number: 2, step: 3, value: 0.4 },
      { op: 'tell', number: 2, value: 0.31, metrics: { seconds: 12 } },
      { op: 'tell', number: 3, state: 'failed', reason: 'out of memory' },
      { op: 'best' },
      { op: 'trials' },
    );
    expect(answers[0]).toEqual({ ok: true, study: 'study-1' });
    expect(answers[1]).toEqual({ ok: true, loaded: 2 });
    expect(answers[2]).toEqual({ ok: true });
    const asked = answers[3] as unknown as { trials: { number: number; params: object }[]; ms: number };
    expect(asked.trials.map(({ number }) => number)).toEqual([2, 3]);
    expect(asked.trials[0]!.params).toEqual({ ...params, layers: 3 });
    expect(asked.ms).toBe(1);
    expect(answers[4]).toEqual({ ok: true, decision: 'continue' });
    expect(answers[5]).toEqual({ ok: true });
    expect(answers[7]).toMatchObject({ trial: { number: 2, params: { ...params, layers: 3 }, value: 0.31 } });
    expect((answers[8] as unknown as { trials: { state: string }[] }).trials.map((t) => t.state)).toEqual([
      'complete',
      'failed',
      'complete',
      'failed',
    ]);
  });
  it('has no best trial before one is complete', async () => {
    expect((await converse(create, { op: 'best' }))[1]).toEqual({ trial: null });
  });
  it('takes the same outcome twice as one tell, and refuses another', async () => {
    const tell = { op: 'tell', number: 0, value: 1 };
    const answers = await converse(
      create,
      { op: 'ask' },
      tell,
      tell,
      { ...tell, value: 2 },
      { op: 'trials' },
    );
    expect(answers[3]).toEqual({ ok: true });
    expect(answers[4]).toMatchObject({ error: { code: 'TrialStateError', retry: false } });
    expect(answers[5]).toMatchObject({ trials: [{ value: 1 }] });
  });
  it('drops nothing that is told: what a state has no place for is an error, and the trial stays as it was', async () => {
    const told = [
      { state: 'pruned', value: 0.4 },
      { state: 'failed', reason: 'memory', metrics: { seconds: 12 } },
      { state: 'failed', standardError: 0.1 },
      { value: 0.4, reason: 'early' },
    ];
    const [, , ...answers] = await converse(
      create,
      { op: 'ask' },
      ...told.map((outcome) => ({ op: 'tell', number: 0, ...outcome })),
      { op: 'load', trials: [{ params, state: 'pruned', value: 0.4 }] },
      { op: 'load', trials: [{ params, state: 'failed', value: null }] },
      { op: 'tell', number: 0, value: 0.4 },
    );
    expect(
      answers.slice(0, 5).map((answer) => (answer['error']! as { readonly message: string }).message),
    ).toEqual([
      'value is 0.4, allowed is nothing beside "state":"pruned", which has no place for it: "report" keeps values on the way, and "attributes" keep any JSON',
      expect.stringMatching(/^metrics is {"seconds":12}, allowed is nothing beside "state":"failed"/),
      expect.stringMatching(/^standardError is 0.1, allowed is nothing beside "state":"failed"/),
      'reason is "early", allowed is nothing beside "state":"complete", which has no place for it: a "note" keeps a text',
      expect.stringMatching(/^value is 0.4, allowed is nothing beside "state":"pruned"/),
    ]);
    expect(answers.slice(5)).toEqual([{ ok: true, loaded: 1 }, { ok: true }]);
  });

  it('makes a second create the current study', async () => {
    const answers = await converse(create, { op: 'ask' }, { ...create, name: 'other' }, { op: 'trials' });
    expect(answers[2]).toEqual({ ok: true, study: 'other' });
    expect(answers[3]).toEqual({ trials: [] });
  });
  it('gives the same suggestions for the same seed', async () => {
    const lines = [
      create,
      { op: 'ask', count: 3 },
      { op: 'tell', number: 0, value: 1 },
      { op: 'ask', count: 2 },
    ];
    expect(await converse(...lines)).toEqual(await converse(...lines));
  });
  it.each([
    [{ op: 'ask' }, 'op is "ask", allowed is create, as the first request'],
    ['{"op":', 'the line is'],
    ['[]', 'op is undefined, allowed is one of create, load'],
    [{ op: 'constructor' }, 'op is "constructor"'],
    [{ op: 'create' }, 'space is undefined, allowed is a space of parameters, or a matrix'],
    [{ ...create, seed: 1.5 }, 'seed is 1.5'],
    [{ ...create, sampler: 'magic' }, 'sampler is "magic", allowed is one of auto'],
    [{ ...create, extra: 1 }, 'extra'],
    [
      { ...create, space: { lr: { type: 'real', low: 0, high: 1, log: true } } },
      'lr.low is 0, allowed is above 0',
    ],
    [{ ...create, space: { lr: { type: 'real', low: 2, high: 1 } } }, 'lr'],
    [{ ...create, space: {} }, 'at least one parameter'],
  ])('answers %j with a typed error', async (line, message) => {
    const [answer] = await converse(line);
    expect(answer).toMatchObject({ error: { code: 'InvalidArgumentError', retry: false } });
    expect((answer as unknown as { error: { message: string } }).error.message).toContain(message);
  });
  it.each([
    [{ op: 'enqueue', params: { ...params, lr: 3 } }, 'OutOfSpaceError', 'lr is 3, outside'],
    [{ op: 'enqueue', params: { ...params, color: 1 } }, 'OutOfSpaceError', 'color'],
    [{ op: 'enqueue', params: { ...params, momentum: 0.5 } }, 'OutOfSpaceError', 'momentum'],
    [{ op: 'tell', number: 9, value: 1 }, 'TrialStateError', 'trial 9 is unknown'],
    [{ op: 'tell', number: 0 }, 'InvalidArgumentError', 'a finite number'],
    ['{"op":"tell","number":0,"value":1e999}', 'InvalidArgumentError', 'Infinity'],
    [{ op: 'tell', number: 0, value: 'NaN' }, 'InvalidArgumentError', 'value is "NaN"'],
    [
      {
        op: 'load',
        trials: [
          { params, value: 1 },
          { params: { ...params, layers: 2.5 }, value: 1 },
        ],
      },
      'OutOfSpaceError',
      'layers',
    ],
  ])('refuses %j and changes nothing', async (line, code, message) => {
    const answers = await converse(create, { op: 'ask' }, { op: 'trials' }, line, { op: 'trials' });
    expect(answers[3]).toMatchObject({ error: { code } });
    expect((answers[3] as unknown as { error: { message: string } }).error.message).toContain(message);
    expect(answers[4]).toEqual(answers[2]);
  });
  it('selects checkpoints: cells are asked and told by number, and the best row named with its probability', async () => {
    const rows = [100, 200, 300, 400, 500, 600];
    const columns = ['math', 'code', 'chat'];
    const score = (i: number, j: number) => 50 + 10 * j - (i - 3) ** 2;
    const asks = Array.from({ length: 18 }, (_, number) => number);
    const first = await converse(
      { op: 'create', matrix: { rows, columns }, seed: 1 },
      ...asks.map(() => ({ op: 'ask' })),
    );
    const cells = first
      .slice(1)
      .map((a) => (a as unknown as { trials: { cell: [number, number] }[] }).trials[0]?.cell);
    expect(new Set(cells.map(String)).size).toBe(18);
    const lines: object[] = [{ op: 'create', matrix: { rows, columns, costs: [1, 2, 3] }, seed: 1 }];
    const [, asked] = await converse(lines[0]!, { op: 'ask', count: 6 });
    const six = (asked as unknown as { trials: { number: number; cell: [number, number] }[] }).trials;
    const tells = six.map(({ number, cell: [i, j] }) => ({ op: 'tell', number, value: score(i, j) }));
    const answers = await converse(
      lines[0]!,
      { op: 'ask', count: 6 },
      ...tells,
      { op: 'best' },
      { ...tells[0]!, value: 7 },
      {
        op: 'report',
        number: 0,
        step: 1,
        value: 1,
      },
    );
    const best = answers.at(-3) as unknown as {
      row: number;
      mean: number;
      sd: number;
      probabilityBest: number;
    };
    expect(best.row).toBeGreaterThanOrEqual(0);
    expect(best.row).toBeLessThan(6);
    expect(best.probabilityBest).toBeGreaterThan(1 / 6);
    expect(best.sd).toBeGreaterThanOrEqual(0);
    expect(answers.at(-2)).toMatchObject({ error: { code: 'CellConflictError' } });
    expect(answers.at(-1)).toMatchObject({ error: { code: 'InvalidArgumentError' } });
  });
  it('ends a line at a line feed alone, whatever else its strings hold', async () => {
    const reason = 'out\u2028of\u2029memory';
    const answers = await converse(
      create,
      '{"op":"ask"}\r',
      `{"op":"tell",\r"number":0,"state":"failed","reason":"${reason}"}`,
      { op: 'trials' },
    );
    expect(answers).toHaveLength(4);
    expect(answers[3]).toMatchObject({ trials: [{ state: 'failed', reason }] });
  });
  it('gives out what there is when fewer points are left than asked for, and says so at the next ask', async () => {
    const two = { op: 'create', space: { k: { type: 'int', low: 0, high: 1 } }, sampler: 'grid' };
    const answers = await converse(two, { op: 'ask', count: 5 }, { op: 'ask' });
    expect((answers[1] as unknown as { trials: unknown[] }).trials).toHaveLength(2);
    expect(answers[2]).toMatchObject({ error: { code: 'SpaceExhaustedError' } });
  });
  it.each([
    [
      { ...create, sampler: { name: 'gp', zz: 3 } },
      'sampler.zz is 3, allowed is one of the options initialTrials',
    ],
    [{ ...create, sampler: { name: 'tpe', initialTrials: -1 } }, 'sampler.initialTrials is -1'],
    [{ ...create, storage: '' }, 'storage'],
    [{ ...create, name: '../x' }, 'letters, digits, _, . and -'],
    [{ ...create, limits: [{ metric: 'm', atMost: 1, atLeast: 2 }] }, 'limits'],
    [
      { op: 'create', matrix: { rows: [1, 2], columns: ['a'] }, storage: 'x' },
      'storage is "x", allowed is nothing: with a matrix',
    ],
    [
      '{"op":"create","space":{"x":{"type":"real","low":0,"high":1},"constructor":{"type":"real","low":0,"high":1}}}',
      'a name is "constructor"',
    ],
    ['{"op":"tell","number":0,"value":1,"metrics":{"__proto__":3}}', 'a name is "__proto__"'],
    [
      { op: 'create', space: { toString: { type: 'real', low: 0, high: 1 } } },
      'a parameter name is "toString", allowed is a text without $ in front that is no name of every',
    ],
  ])('refuses %j by name', async (line, message) => {
    const [answer] = await converse(line);
    expect((answer as unknown as { error: { message: string } }).error.message).toContain(message);
  });
  it('survives a thousand broken lines: one answer each, and the study goes on', {
    timeout: 60_000,
  }, async () => {
    const rng = seeded('fuzz');
    const good = [
      create,
      { op: 'ask' },
      { op: 'tell', number: 0, value: 1 },
      { op: 'best' },
      { op: 'load', trials: [{ params, value: 2 }] },
    ];
    const junk = ['\u0000', '{', '}', '[', '"', ',', 'null', '-1', '1e999', '__proto__', 'é', '\\u0000', ' '];
    const lines = Array.from({ length: 1000 }, () => {
      const text = [...JSON.stringify(good[Math.floor(rng.next() * good.length)])];
      for (let k = 1 + Math.floor(rng.next() * 4); k > 0; k--) {
        const at = Math.floor(rng.next() * text.length);
        const piece = junk[Math.floor(rng.next() * junk.length)]!;
        if (rng.next() < 0.4) text.splice(at, 1 + Math.floor(rng.next() * 5));
        else if (rng.next() < 0.5) text.splice(at, 0, piece);
        else text[at] = piece;
      }
      return text.join('');
    }).filter((line) => line.trim() !== '' && !line.includes('"storage"'));
    const answers = await converse(create, ...lines, { ...create, name: 'last' }, { op: 'ask' });
    expect(answers).toHaveLength(lines.length + 3);
    for (const answer of answers)
      if ('error' in answer) expect((answer['error'] as { code: string }).code).not.toBe('InternalError');
    expect(answers.at(-2)).toEqual({ ok: true, study: 'last' });
    expect(answers.at(-1)).toMatchObject({ trials: [{ number: 0 }] });
  });
});
