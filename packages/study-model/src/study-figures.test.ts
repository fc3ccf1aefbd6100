import { seeded, UnsupportedError } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { random } from '@foothold/samplers';
import { spaceOf } from '@foothold/space';
import { createStudy, memoryStorage, studyRecord } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { type StudyFigures, studyFigures } from './index.ts';

const pause = async () => undefined;
const space = spaceOf({
  x: { type: 'real', low: -1, high: 1, default: 0.9 },
  y: { type: 'real', low: -1, high: 1, default: 0.5 },
});

/** f = 4 (x − 0.3)² + y²/4: x explains 256 parts of 257, and there is no interaction. */
async function figures(trials: number, more: { readonly failsFrom?: number } = {}): Promise<StudyFigures> {
  const storage = memoryStorage();
  const study = createStudy({ space, sampler: random(), direction: 'minimize', storage, name: 's', seed: 3 });
  for (let k = 0; k < trials; k++) {
    if (k === 0) await study.enqueue({ x: 0.9, y: 0.5 });
    const { number, params } = await study.ask();
    const { x, y } = params as { x: number; y: number };
    if (k >= (more.failsFrom ?? Infinity))
      await study.tell(number, { state: 'failed', reason: k % 3 === 0 ? 'rare' : 'out of memory' });
    else await study.tell(number, { state: 'complete', value: 4 * (x - 0.3) ** 2 + y ** 2 / 4 });
  }
  const state = await studyRecord(storage, 's').state();
  return studyFigures('s', state, { linalg: await wasm(), pause });
}

describe('the figures of a study', () => {
  it('have the importance of the closed form, the optimum among the next points, and the gain', async () => {
    const { best, gains, model, trials, parameters } = await figures(30);
    expect(trials).toEqual({ complete: 30, failed: 0, pruned: 0, running: 0, total: 30 });
    expect(parameters).toBe(2);
    const [x, y] = model!.importance;
    expect([x!.name, x!.rank, y!.name, y!.rank]).toEqual(['x', 1, 'y', 2]);
    expect(x!.total.share).toBeCloseTo(256 / 257, 1);
    expect(x!.total.low).toBeLessThanOrEqual(x!.total.share);
    expect(y!.total.share).toBeLessThan(0.05);
    expect(model!.pairs.every(({ share }) => share < 0.05)).toBe(true);
    expect(model!.next).toHaveLength(3);
    const [next] = model!.next;
    expect(Math.abs((next!.params['x'] as number) - 0.3)).toBeLessThan(0.1);
    expect(next!.low).toBeLessThan(next!.high);
    expect(model!.noise!).toBeLessThan(0.1);
    // The value of the default: 4 · 0.6² + 0.5²/4.
    expect(gains[0]).toMatchObject({ over: 'default', trial: 0 });
    expect(gains[0]!.value).toBeCloseTo(1.5025, 12);
    expect(gains[0]!.gain).toBeCloseTo(1.5025 - best!.value, 12);
    expect(gains[0]!.relative).toBeCloseTo(1 - best!.value / 1.5025, 12);
    expect(gains[1]).toMatchObject({ over: 'first trials', trials: 5 });
    expect(best!.belief!.mean).toBeCloseTo(best!.value, 1);
  });

  it('count failures by their reasons, and have no model of too few trials', async () => {
    const made = await figures(8, { failsFrom: 1 });
    expect(made.trials).toMatchObject({ complete: 1, failed: 7, total: 8 });
    expect(made.failures).toEqual([
      { reason: 'out of memory', trials: 5 },
      { reason: 'rare', trials: 2 },
    ]);
    expect(made.model).toBeUndefined();
    expect(made.gains).toEqual([expect.objectContaining({ over: 'default', gain: 0 })]);
  });

  it('are those of the first of several objectives, with the front', async () => {
    const storage = memoryStorage();
    const objectives = [
      { metric: 'speed', direction: 'maximize' },
      { metric: 'value', direction: 'minimize' },
    ] as const;
    const study = createStudy({ space, sampler: random(), objectives, storage, name: 'o', seed: 1 });
    for (let k = 0; k < 10; k++) {
      const { number, params } = await study.ask();
      const { x, y } = params as { x: number; y: number };
      await study.tell(number, { state: 'complete', value: x, metrics: { speed: 2 * x + y } });
    }
    const state = await studyRecord(storage, 'o').state();
    const made = await studyFigures('o', state, { linalg: await wasm(), pause, next: 0 });
    const speeds = state.trials.map((trial) => (trial.state === 'complete' ? trial.metrics!['speed']! : 0));
    expect(made).toMatchObject({ metric: 'speed', direction: 'maximize', objectives: 2 });
    expect(made.best!.value).toBe(speeds.reduce((most, speed) => Math.max(most, speed)));
    expect(made.front).toBeGreaterThan(1);
  });

  it('name no next point where the space is exhausted', async () => {
    const storage = memoryStorage();
    const small = spaceOf({ a: { type: 'categorical', choices: ['p', 'q', 'r'] } });
    const study = createStudy({ space: small, sampler: random(), direction: 'maximize', storage, name: 'e' });
    for (let k = 0; k < 3; k++) {
      const { number } = await study.ask();
      await study.tell(number, { state: 'complete', value: seeded(k).next() });
    }
    const state = await studyRecord(storage, 'e').state();
    const made = await studyFigures('e', state, { linalg: await wasm(), pause });
    expect(made.model!.next).toEqual([]);
    // The same state has the same figures.
    expect(await studyFigures('e', state, { linalg: await wasm(), pause })).toEqual(made);
  });

  it('of a log without a study are refused', async () => {
    const state = await studyRecord(memoryStorage(), 'none').state();
    await expect(studyFigures('none', state, { linalg: await wasm(), pause })).rejects.toThrow(
      UnsupportedError,
    );
  });
});
