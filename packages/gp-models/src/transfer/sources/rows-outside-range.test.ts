import { type Dataset, matrix, seeded } from '@foothold/core';
import { mapStudyToSpace, searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { gaussianProcess } from '../../models/gaussian-process.ts';

it('predicts the new range better from rows beside it than from the same rows at its end', async () => {
  const narrow = searchSpace({ u: uniform(0, 1) });
  const f = (u: number) => -((u - 0.8) ** 2);
  const wide = [0, 0.2, 0.4, 0.6, 1.02, 1.05, 1.1].map((u) => ({ params: { u }, value: f(u) }));
  const kept = mapStudyToSpace(narrow, { name: 'wide', direction: 'maximize', trials: wide }).task.data;
  const drawn: Dataset = { ...kept, x: { ...kept.x, data: kept.x.data.map((u) => Math.min(u, 1)) } };
  const model = gaussianProcess({ columns: narrow.columns });
  const at = matrix(
    21,
    1,
    Float64Array.from({ length: 21 }, (_, i) => i / 20),
  );
  const error = async (data: Dataset) => {
    const { mean } = await (await model.fit(data, { rng: seeded(0) })).marginals(at);
    return mean.reduce((s, m, i) => s + (m - f(at.data[i]!)) ** 2, 0);
  };
  expect(await error(kept)).toBeLessThan(0.1 * (await error(drawn)));
});
