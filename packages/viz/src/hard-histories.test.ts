import { matrix } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { complete, drawn, failed, type Made } from './drawn.fixture.ts';
import * as viz from './index.ts';

describe('hard histories', () => {
  const histories: Readonly<Record<string, readonly Made[]>> = {
    'an empty study': [],
    'one trial': [complete(0, 3)],
    'a running trial': [{ number: 0, params: { lr: 1, act: 'relu' }, reports: [], state: 'running' }],
    'only failures': [failed(0), failed(1)],
    'infinite values': [complete(0, Infinity), complete(1, -Infinity), complete(2, NaN), complete(3, 1)],
    'values of 1e30': [complete(0, 1e30), complete(1, 3e30), complete(2, -2e30)],
    'values of 1e-30': [complete(0, 1e-30), complete(1, 3e-30)],
    'sixty orders of magnitude': [complete(0, 1e-30), complete(1, 1e30)],
    'the largest numbers': [
      complete(0, Number.MAX_VALUE),
      complete(1, -Number.MAX_VALUE),
      complete(2, 1e300),
      complete(3, -1e300),
    ],
    'the smallest number': [complete(0, 5e-324), complete(1, 0)],
    'a hundred equal values': Array.from({ length: 100 }, (_, i) => complete(i, 7)),
    'parameters of 1e±30': [
      complete(0, 1, { lr: 1e30, act: 'a' }),
      complete(1, 2, { lr: 1e-30, act: 'b' }),
      complete(2, 3, { lr: NaN, act: '' }),
    ],
  };
  it.each(Object.entries(histories))(
    'draws %s without an exception or a broken coordinate',
    async (_, trials) => {
      const direction = 'minimize';
      const values = trials.map((t) => (t.state === 'complete' ? t.value : Number.NaN));
      const specs = [
        viz.convergence({
          series: [
            { name: 'a', trials },
            { name: 'a', trials },
          ],
          direction,
        }),
        viz.slices({ trials, direction }),
        viz.parallelCoordinates({ trials, direction }),
        viz.paretoFront({
          trials,
          objectives: [
            { metric: 'value', direction },
            { metric: 'value', direction: 'maximize' },
          ],
        }),
        viz.comparison({
          groups: [
            { name: 'a', runs: [values, values] },
            { name: 'b', runs: [] },
          ],
          direction,
        }),
        viz.calibration({
          predictions: values.map((v) => ({ observed: v, mean: v, variance: Math.abs(v) })),
        }),
        viz.scatter({ points: values.map((v) => ({ x: v, y: -v })), xTitle: 'x', yTitle: 'y' }),
        viz.importance({ importances: values.map((v) => ({ name: 'p', share: v })) }),
        viz.rowMeans({ rows: values.map((v) => ({ name: 'r', mean: v, variance: 1 })), chosen: 0 }),
        viz.sourceWeights({ steps: values.map((v, trial) => ({ trial, weights: { a: v, b: 1 } })) }),
        viz.matrixHeatMap({
          values: matrix(values.length, 1, Float64Array.from(values)),
          rowNames: values.map((_, i) => `r${i}`),
          columnNames: ['c'],
          perColumn: true,
        }),
        viz.correlationMap({ correlations: matrix(0, 0), names: [] }),
        viz.beliefChart({
          positions: values.map((_, i) => i),
          mean: values,
          variance: values.map(() => 1),
          acquisition: values,
          observations: values.map((v, i) => ({ position: i, value: v })),
        }),
      ];
      for (const spec of specs) await drawn(spec);
      expect(
        await viz.report({
          title: 't',
          sections: [{ title: 's', table: viz.trialTable(trials, direction) }],
        }),
      ).toContain('</html>');
      expect(viz.terminalChart({ series: [{ name: 'a', values }] })).not.toMatch(/NaN|undefined/);
      expect(viz.sparkline(values)).toHaveLength(Math.min(values.length, 40));
    },
  );

  it('gives the correlation of a scatter, also where squares would overflow', () => {
    const points = [1, 2, 3].map((v) => ({ x: v * 1e250, y: -v * 1e250 }));
    expect(viz.scatter({ points, xTitle: 'a', yTitle: 'b' }).title).toMatchObject({
      text: '3 points, correlation −1.00',
    });
  });
});
