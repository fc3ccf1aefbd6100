import {
  type Column,
  type Dataset,
  InvalidArgumentError,
  matrixOf,
  seeded,
  selectMatrixRows,
} from '@foothold/core';
import { jointGradientGap } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { learningCurves } from './learning-curves.ts';

const levels = 16;
const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
  { kind: 'ordinal', name: 'epochs', levels },
];
const at = (a: number, b: number, epoch: number) => Float64Array.of(a, b, (epoch - 0.5) / levels);
const end = (a: number, b: number) => -((a - 0.6) ** 2) - (b - 0.3) ** 2;
const steps = [1, 2, 4, 8, 16];

/** Curves of 24 random configurations, every third one to its end, or the first ones. `early` is what is seen before it. */
function curves(
  early: (value: number, epoch: number) => number,
  isEnded = (k: number) => k % 3 === 0,
): Dataset {
  const rng = seeded('curves');
  const rows: Float64Array[] = [];
  const y: number[] = [];
  for (let k = 0; k < 24; k++) {
    const [a, b] = [rng.next(), rng.next()];
    for (const epoch of isEnded(k) ? steps : steps.slice(0, 1 + (k % 4))) {
      rows.push(at(a, b, epoch));
      y.push(epoch === 16 ? end(a, b) : early(end(a, b), epoch));
    }
  }
  return { x: matrixOf(rows), y: Float64Array.from(y) };
}
const open = () => learningCurves({ columns, fidelityColumn: 2 });
const ends = matrixOf(
  Array.from({ length: 25 }, (_, i) => at(((i % 5) + 0.5) / 5, (Math.floor(i / 5) + 0.5) / 5, 16)),
);
const truth = Float64Array.from({ length: 25 }, (_, i) =>
  end(((i % 5) + 0.5) / 5, (Math.floor(i / 5) + 0.5) / 5),
);
const worstOf = (mean: Float64Array) => Math.max(...mean.map((m, i) => Math.abs(m - truth[i]!)));

describe('learningCurves', () => {
  it('predicts the ends of configurations that it has not seen, from the beginnings of others', async () => {
    const posterior = await open().fit(
      curves((value, epoch) => value - 0.5 / epoch),
      { rng: seeded(1) },
    );
    expect(posterior.why?.['fidelities']).toEqual({ usesCheaper: true });
    expect(worstOf((await posterior.marginals(ends)).mean)).toBeLessThan(0.1);
    expect(
      await jointGradientGap(posterior.latent!.posterior, matrixOf([at(0.1, 0.2, 2), at(0.4, 0.7, 16)])),
    ).toBeLessThan(1e-5);
  });
  it('predicts the ends from the ends alone where the curves before them mislead', async () => {
    const rng = seeded('noise');
    const posterior = await open().fit(
      curves(() => -rng.next()),
      { rng: seeded(1) },
    );
    expect(posterior.why?.['fidelities']).toEqual({ usesCheaper: false });
    const joint = await posterior.joint!(matrixOf([at(0.1, 0.2, 1), at(0.1, 0.2, 16)]));
    expect(joint.covariance.data[1]).toBe(0);
    expect(worstOf((await posterior.marginals(ends)).mean)).toBeLessThan(0.35);
  });
  it('finds with two ended curves whether curves say anything of ends', async () => {
    const usesCheaper = async (early: (value: number, epoch: number) => number, ended: number) => {
      const { why } = await open().fit(
        curves(early, (k) => k < ended),
        { rng: seeded(1) },
      );
      return (why!['fidelities'] as { readonly usesCheaper: boolean }).usesCheaper;
    };
    const honest = (value: number, epoch: number) => value - 0.5 / epoch;
    const negated = (value: number) => -value;
    for (const ended of [2, 3]) {
      expect(await usesCheaper(honest, ended)).toBe(true);
      expect(await usesCheaper(negated, ended)).toBe(false);
    }
    expect(await usesCheaper(negated, 1)).toBe(true);
  });
  it('finds curves whose ends have the opposite order of their first values, however well the model explains them', async () => {
    // Mirrored at first, true at the end: every two curves cross at half of the training.
    const crossing = (value: number, epoch: number) => (value * epoch + (-0.4 - value) * (16 - epoch)) / 16;
    for (const ended of [2, 3, 6, 12]) {
      const posterior = await open().fit(
        curves(crossing, (k) => k < ended),
        { rng: seeded(1) },
      );
      expect(posterior.why!['fidelities']).toEqual({ usesCheaper: false });
    }
  });
  it('compares the order of values at one level: a curve that begins to report late is further along', async () => {
    const data = curves(
      (value, epoch) => value - 0.5 / epoch,
      (k) => k < 4,
    );
    const ended = [0, 1, 2, 3].map((k) => ({ first: 5 * k, value: data.y[5 * k + 4]! }));
    const worse = ended.sort((p, q) => p.value - q.value).slice(0, 2);
    // The worse ones report from epoch 4 on.
    const isLeftOut = (row: number) => worse.some(({ first }) => row === first || row === first + 1);
    const rows = Array.from(data.y.keys()).filter((row) => !isLeftOut(row));
    const later = { x: selectMatrixRows(data.x, rows), y: Float64Array.from(rows, (row) => data.y[row]!) };
    for (const of of [data, later])
      expect((await open().fit(of, { rng: seeded(1) })).why!['fidelities']).toEqual({ usesCheaper: true });
  });
  it('takes no penalty of an ended curve for evidence that curves mislead', async () => {
    const isEnd = (row: number) => data.x.data[3 * row + 2]! > 15 / 16;
    const data = curves(
      (value, epoch) => value - 0.5 / epoch,
      (k) => k < 3,
    );
    const failed = data.y.findIndex((_, i) => isEnd(i));
    const worst = Math.min(...data.y.filter((_, i) => isEnd(i)));
    const y = data.y.map((v, i) => (i === failed ? worst - 0.05 : v));
    const usesCheaper = async (isPenalty: Dataset['isPenalty']) =>
      (await open().fit({ ...data, y, isPenalty }, { rng: seeded(1) })).why!['fidelities'];
    expect(await usesCheaper(undefined)).toEqual({ usesCheaper: false });
    expect(await usesCheaper(Array.from(y, (_, i) => i === failed))).toEqual({ usesCheaper: true });
  });
  it('finds misleading curves beside a penalty, which the prediction has', async () => {
    const honest = curves((value) => -value);
    const isPenalty = Array.from(honest.y, (_, i) => i === 4);
    const y = honest.y.map((v, i) => (isPenalty[i] ? -1.5 : v));
    const posterior = await open().fit({ ...honest, y, isPenalty }, { rng: seeded(1) });
    expect(posterior.why!['fidelities']).toEqual({ usesCheaper: false });
    expect((await posterior.marginals(selectMatrixRows(honest.x, [4]))).mean[0]).toBeLessThan(-0.8);
    expect(posterior.latent!.data.y).toHaveLength(y.length);
  });
  it('takes power laws', async () => {
    const posterior = await learningCurves({ columns, fidelityColumn: 2, decay: 'power-law' }).fit(
      curves((value, epoch) => value - 0.5 / epoch),
      { rng: seeded(1) },
    );
    expect(worstOf((await posterior.marginals(ends)).mean)).toBeLessThan(0.1);
  });
  it('names a column that is no fidelity', () => {
    expect(() => learningCurves({ columns, fidelityColumn: 0 })).toThrow(InvalidArgumentError);
  });
});
