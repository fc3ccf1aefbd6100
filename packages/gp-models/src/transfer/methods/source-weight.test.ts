import {
  type Dataset,
  matrix,
  type Posterior,
  type PriorTask,
  rowOf,
  type Surrogate,
  seeded,
  type TransferWhy,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { autoTransfer } from './auto-transfer.ts';
import { multiTask } from './multi-task.ts';
import { quantileTransfer } from './quantile-transfer.ts';
import { rankingWeighted } from './ranking-weighted.ts';
import { stackedResidual } from './stacked-residual.ts';
import { twoStage } from './two-stage.ts';

const columns = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
] as const;
const base = gaussianProcess({ columns });
const context = () => ({ rng: seeded(1) });
const explanationOf = ({ why }: Posterior) => (why as unknown as { transfer: TransferWhy }).transfer;

function wave(seed: string, n: number, unit = 1): Dataset {
  const rng = seeded(seed);
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = rng.next();
  const y = Float64Array.from({ length: n }, (_, i) => Math.sin(4 * rowOf(x, i)[0]!) + rowOf(x, i)[1]! ** 2);
  return { x, y: y.map((v) => unit * v) };
}
const alike: PriorTask = { name: 'alike', data: wave('alike', 25, 10) };

describe('the weight of a source', () => {
  const methods: [string, (sources: readonly PriorTask[]) => Surrogate][] = [
    ['rankingWeighted', (sources) => rankingWeighted(sources, base)],
    ['twoStage', (sources) => twoStage(sources, base)],
    ['stackedResidual', (sources) => stackedResidual(sources, base)],
    ['quantileTransfer', (sources) => quantileTransfer(sources, base)],
    ['multiTask', (sources) => multiTask(sources, { columns })],
    ['autoTransfer', (sources) => autoTransfer(sources, { plain: base, columns })],
  ];
  it.each(methods)('of %s lowers its weight, and 0 leaves it out', async (_, make) => {
    const weightAt = async (weight: number) => {
      const found = explanationOf(await make([{ ...alike, weight }]).fit(wave('target', 5), context()));
      return found.sources[0]?.weight;
    };
    const [whole, tenth] = [(await weightAt(1))!, (await weightAt(0.1))!];
    expect(whole).toBeLessThanOrEqual(1);
    expect(tenth).toBeLessThan(whole);
    expect(tenth).toBeGreaterThan(0);
    expect(await weightAt(0)).toBeUndefined();
  });

  it.each([1.5, -1, Number.NaN])('refuses %d', async (weight) => {
    await expect(async () =>
      rankingWeighted([{ ...alike, weight }], base).fit(wave('target', 3), context()),
    ).rejects.toThrow(/weight of source alike/);
  });
});

describe('what is learned from sources', () => {
  it.each([
    ['rankingWeighted', (b: Surrogate) => rankingWeighted([alike], b)],
    ['quantileTransfer', (b: Surrogate) => quantileTransfer([alike], b)],
  ])('is made once by %s, and again where the first attempt was aborted', async (_, make) => {
    let fits = 0;
    const counting: Surrogate = {
      fit(data, given) {
        given.signal?.throwIfAborted();
        if (data.y.length === alike.data.y.length) fits++;
        return base.fit(data, given);
      },
    };
    const surrogate = make(counting);
    const target = wave('target', 4);
    await expect(async () =>
      surrogate.fit(target, { ...context(), signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
    await surrogate.fit(target, context());
    await surrogate.fit(target, context());
    expect(fits).toBe(1);
  });
});
