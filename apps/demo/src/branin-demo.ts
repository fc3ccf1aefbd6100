import { writeFileSync } from 'node:fs';
import { datasetOf, seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { bestTrial } from '@foothold/study';
import { convergence, posteriorMap, report, sparkline, trialTable } from '@foothold/viz';
import { minimize, searchSpace, type Trial, uniform } from 'foothold';
import type { Demo } from './demo.ts';

const space = searchSpace({ x: uniform(-5, 10), y: uniform(0, 15) });
type P = ReturnType<typeof space.decode>;

/** Branin's function: three equal minima of 0.397887. */
export function branin({ x, y }: P): number {
  const t = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  return t * t + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}
const minimum = 0.39788735772973816;
const evaluations = 25;

/** What the model believes, as a map: the smallest example that can be looked at. */
export const braninDemo: Demo = {
  name: 'branin',
  about: 'a function of two parameters, and a map of what the model believes after 25 evaluations',
  run: async ({ linalg, seed, report: path, screen }) => {
    const trials: Trial<P>[] = [];
    const onTrial = (trial: Trial<P>) => {
      trials.push(trial);
      const best = bestTrial(trials, { direction: 'minimize' });
      const gaps = trials.map((t) =>
        t.state === 'complete' ? Math.log10(t.value - minimum + 1e-6) : Number.NaN,
      );
      screen.live(
        `${trials.length}/${evaluations}  best ${best?.value.toFixed(6)}  ${sparkline(gaps, screen.width - 40)}`,
      );
    };
    const { params, value } = await minimize(branin, space, { trials: evaluations, seed, linalg, onTrial });
    screen.line(
      `best ${value.toFixed(6)} at x = ${params.x.toFixed(4)}, y = ${params.y.toFixed(4)}; the minimum is ${minimum.toFixed(6)}`,
    );
    const posterior = await gaussianProcess({ columns: space.columns, linalg }).fit(
      datasetOf(space, trials, 'minimize'),
      { rng: seeded(seed) },
    );
    const html = await report({
      title: 'Branin’s function',
      summary: `Best value ${value.toFixed(6)} after ${evaluations} evaluations; the minimum is ${minimum.toFixed(6)}.`,
      sections: [
        {
          title: 'Belief',
          charts: [{ spec: await posteriorMap({ posterior, space, direction: 'minimize', trials }) }],
        },
        {
          title: 'Convergence',
          charts: [{ spec: convergence({ series: [{ name: 'foothold', trials }], direction: 'minimize' }) }],
        },
        { title: 'Trials', table: trialTable(trials, 'minimize') },
      ],
    });
    writeFileSync(path, html);
    screen.line(`Report: ${path}`);
  },
};
