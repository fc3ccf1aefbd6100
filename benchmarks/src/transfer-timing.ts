/** How long transfer takes with many sources. */
import { logExpectedImprovement } from '@foothold/acquisitions';
import { type Dataset, matrix, matrixOf, rowOf, seeded } from '@foothold/core';
import { autoTransfer, gaussianProcess } from '@foothold/gp-models';
import type { wasm } from '@foothold/linalg';
import { acquisitionSearch, averagedUtility } from '@foothold/samplers';

/** Preparation and suggestion on `count` sources of 300 trials each at points of their own, seven columns. */
export async function transferTiming(count: number, linalg: Awaited<ReturnType<typeof wasm>>) {
  const rng = seeded('timing');
  const d = 7;
  const task = (rows: number, own: ReturnType<typeof seeded>): Dataset => {
    const x = matrix(
      rows,
      d,
      Float64Array.from({ length: rows * d }, () => own.next()),
    );
    const centre = 0.4 + 0.2 * own.next();
    const y = Float64Array.from(
      { length: rows },
      (_, i) => -rowOf(x, i).reduce((a, v) => a + (v - centre) ** 2, 0),
    );
    return { x, y };
  };
  const sources = Array.from({ length: count }, (_, k) => ({
    name: `source ${k}`,
    data: task(300, rng.fork(k)),
  }));
  const columns = Array.from({ length: d }, (_, i) => ({ kind: 'continuous' as const, name: `x${i}` }));
  const surrogate = autoTransfer(sources, { plain: gaussianProcess({ columns, linalg }), columns, linalg });
  const data = task(31, rng.fork('target'));
  let started = performance.now();
  await surrogate.fit({ x: matrixOf([rowOf(data.x, 0)]), y: data.y.slice(0, 1) }, { rng: seeded(0) });
  const preparation = performance.now() - started;
  const times: number[] = [];
  for (let k = 0; k < 5; k++) {
    started = performance.now();
    const posterior = await surrogate.fit(data, { rng: seeded(k) });
    const belief = posterior.latent ?? { posterior, data };
    const utility = await logExpectedImprovement({ incumbent: 'observed' }).prepare({
      ...belief,
      rng: seeded(k),
    });
    await acquisitionSearch().maximize(
      async (x, { gradient: wanted = true } = {}) => {
        const at = await belief.posterior.marginals(x);
        const mixture = at.components?.();
        if (mixture) {
          const averaged = averagedUtility(utility, mixture, { x, isLog: true, gradient: wanted });
          const { value, dMean, dVariance } = averaged;
          return wanted ? { value, gradient: await mixture.gradient!(dMean, dVariance) } : { value };
        }
        const { value, dMean, dVariance } = utility(at, x);
        return wanted && at.gradient ? { value, gradient: await at.gradient(dMean, dVariance) } : { value };
      },
      { columns, incumbents: matrixOf([rowOf(data.x, 0)]), rng: seeded(k) },
    );
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return {
    sources: count,
    rows: 300,
    preparationSeconds: Math.round(preparation / 10) / 100,
    suggestionMilliseconds: Math.round(times[2]!),
  };
}
