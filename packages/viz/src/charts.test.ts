import { matrix, type Posterior, type SearchSpace, seeded, type Trial } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { complete, drawn, failed } from './drawn.fixture.ts';
import * as viz from './index.ts';

const texts = (document: Document) => [...document.querySelectorAll('text')].map((t) => t.textContent);
const labels = (document: Document) =>
  [...document.querySelectorAll('path[aria-label]')].map((p) => p.getAttribute('aria-label') ?? '');
/** Where a described mark sits, in pixels of its plot. */
function positionOf(document: Document, label: string): readonly [number, number] {
  const mark = [...document.querySelectorAll('path[aria-label]')].find(
    (p) => p.getAttribute('aria-label') === label,
  );
  const [, x, y] = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(mark?.getAttribute('transform') ?? '') ?? [];
  return [Number(x), Number(y)];
}

describe('convergence', () => {
  it('draws a point a complete trial and a cross a failed one, at the positions of their numbers', async () => {
    const trials = [complete(0, 4), failed(1), complete(2, 0), complete(3, 2), complete(4, Infinity)];
    const document = await drawn(
      viz.convergence({
        series: [{ name: '', trials }],
        direction: 'minimize',
        value: 'loss (nats)',
        width: 500,
        height: 200,
      }),
    );
    expect(labels(document)).toEqual([
      'trial 0: 4',
      'trial 2: 0',
      'trial 3: 2',
      'trial 1: failed, out of memory',
      'trial 4: value ∞',
    ]);
    expect(positionOf(document, 'trial 0: 4')).toEqual([100, 0]);
    expect(positionOf(document, 'trial 2: 0')).toEqual([300, 200]);
    expect(positionOf(document, 'trial 3: 2')).toEqual([400, 100]);
    expect(positionOf(document, 'trial 1: failed, out of memory')).toEqual([200, 7]);
    expect(texts(document)).toEqual(expect.arrayContaining(['loss (nats)', 'finished trials']));
  });

  it('draws along a cost where it is given', async () => {
    const document = await drawn(
      viz.convergence({
        series: [{ name: '', trials: [complete(0, 4), complete(1, 0)] }],
        direction: 'minimize',
        along: { title: 'epochs so far', of: ({ number }) => (number === 0 ? 5 : 20) },
        width: 400,
        height: 100,
      }),
    );
    expect(positionOf(document, 'trial 0: 4')).toEqual([100, 0]);
    expect(positionOf(document, 'trial 1: 0')).toEqual([400, 100]);
    expect(texts(document)).toContain('epochs so far');
  });

  it.each(['minimize', 'maximize'] as const)(
    'sets values far beyond the others at the edge (%s), counts them, and gives the axis to the rest',
    async (direction) => {
      const sign = direction === 'minimize' ? 1 : -1;
      const values = [900, 10, 9, 8, 7, 6, 5, 4, 500, 3];
      const trials = values.map((v, i) => complete(i, sign * v));
      const draw = (made: typeof trials) =>
        drawn(viz.convergence({ series: [{ name: '', trials: made }], direction, width: 500, height: 70 }));
      const document = await draw(trials);
      expect(texts(document)).toContain(`${sign > 0 ? '△' : '▽'} 2 trials beyond the axis`);
      const text = sign > 0 ? '' : '−';
      expect(positionOf(document, `trial 0: ${text}900`)).toEqual([50, sign > 0 ? 7 : 63]);
      expect(positionOf(document, `trial 8: ${text}500`)).toEqual([450, sign > 0 ? 7 : 63]);
      expect(positionOf(document, `trial 1: ${text}10`)).toEqual([100, sign > 0 ? 0 : 70]);
      expect(positionOf(document, `trial 9: ${text}3`)).toEqual([500, sign > 0 ? 70 : 0]);
      // Few trials, or values that lie close enough, are all on the axis.
      expect(texts(await draw(trials.slice(0, 7))).join()).not.toContain('beyond');
      expect(texts(await draw(trials.slice(1, 8).concat(complete(8, sign * 40)))).join()).not.toContain(
        'beyond',
      );
    },
  );

  it('steps down at the trial that improved, not before', async () => {
    const spec = viz.convergence({
      series: [{ name: '', trials: [complete(0, 4), complete(1, 9), complete(2, 0)] }],
      direction: 'minimize',
      width: 300,
      height: 100,
    });
    const document = await drawn(spec);
    const line = document.querySelector('g.mark-line path')?.getAttribute('d') ?? '';
    expect(line.match(/[\d.]+,[\d.]+/g)?.at(0)).toMatch(/^100,55\.5/);
    expect(line).toMatch(/L300,55\.\d+L300,100/);
  });

  it('names several series in a legend and distinguishes equal names', async () => {
    const series = ['warm', 'cold', 'cold'].map((name, i) => ({
      name,
      trials: [complete(0, i), complete(1, i + 1)],
    }));
    expect(texts(await drawn(viz.convergence({ series, direction: 'maximize' })))).toEqual(
      expect.arrayContaining(['warm', 'cold', 'cold (2)']),
    );
  });

  it('draws as many points as it is told to, and every step of the best', () => {
    const trials = Array.from({ length: 1000 }, (_, i) => complete(i, 1000 - i));
    const { layer } = viz.convergence({
      series: [{ name: '', trials }],
      direction: 'minimize',
      maxPoints: 60,
    }) as {
      layer?: readonly { readonly data: { readonly values: readonly unknown[] } }[];
    };
    expect(layer![0]!.data.values).toHaveLength(60);
    expect(layer![1]!.data.values.length).toBeGreaterThanOrEqual(1000);
  });
  it('thins 10,000 trials to 2,000 marks, reads each trial a few times, and keeps every step of the best', async () => {
    const rng = seeded(1);
    const trials = Array.from({ length: 10_000 }, (_, i) => complete(i, rng.next() + 10 / (i + 1)));
    // A best so far from the first trial on at each one would read them 50 million times.
    let reads = 0;
    const counted = trials.map(
      (trial) =>
        new Proxy(trial, {
          get(target, key) {
            reads++;
            return Reflect.get(target, key);
          },
        }),
    );
    const spec = viz.convergence({ series: [{ name: '', trials: counted }], direction: 'minimize' });
    expect(reads).toBeLessThan(20 * trials.length);
    const document = await drawn(spec);
    expect(labels(document)).toHaveLength(2000);
    const steps = new Set(viz.bestSoFar(trials, 'minimize')).size;
    const layers = spec.layer as readonly { readonly data: { readonly values: readonly unknown[] } }[];
    expect(layers[1]?.data.values.length).toBeGreaterThanOrEqual(steps);
    expect(layers[1]?.data.values.length).toBeLessThanOrEqual(steps + 1);
  });
});

const space: SearchSpace<{ x: number; y: number }> = {
  columns: [
    { kind: 'continuous', name: 'x' },
    { kind: 'continuous', name: 'y' },
  ],
  encode: ({ x, y }) => Float64Array.of(Math.log10(x) / 2, y / 8),
  decode: (p) => ({ x: 100 ** p[0]!, y: p[1]! * 8 }),
};
const posterior: Posterior = {
  marginals: (x) => ({
    mean: Float64Array.from({ length: x.rows }, (_, i) => -Math.abs(x.data[2 * i]! - 0.5)),
    variance: new Float64Array(x.rows).fill(0.01),
  }),
};
const pair = (number: number, x: number, y: number): Trial<{ x: number; y: number }> => ({
  number,
  params: { x, y },
  reports: [],
  state: 'complete',
  value: x + y,
});

it('gives a long subtitle the lines that it needs, and cuts none of it', async () => {
  const subtitle = 'a sentence that is longer than the chart is wide '.repeat(6).trim();
  const spec = viz.convergence({ series: [], direction: 'minimize', width: 300, subtitle });
  const document = await drawn(spec);
  const lines = [...document.querySelectorAll('.role-title tspan')].map((line) => line.textContent);
  expect(lines.join(' ')).toBe(subtitle);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(50);
});

it.each([0.1286, -3, 0, 5000])('draws the bar of the single value %f within its axis', (value) => {
  const trials = [{ number: 0, params: {}, reports: [], state: 'complete', value }] as unknown as Trial[];
  for (const log of [false, true]) {
    const { layer } = viz.distribution({ trials, direction: 'minimize', log });
    const [bars] = layer as readonly {
      readonly data: { readonly values: readonly { readonly low: number; readonly high: number }[] };
      readonly encoding: { readonly x: { readonly scale: { readonly domain: readonly number[] } } };
    }[];
    const [[from, to], [bar]] = [bars!.encoding.x.scale.domain, bars!.data.values];
    expect(bar!.low).toBeGreaterThan(from!);
    expect(bar!.high).toBeLessThan(to!);
    expect(bar!.low).toBeLessThan(value);
    expect(bar!.high).toBeGreaterThan(value);
  }
});

it('says why trials have no value, and counts those that break a limit', () => {
  const of = (number: number, outcome: object) =>
    ({ number, params: {}, reports: [], ...outcome }) as unknown as Trial;
  const trials = [
    of(0, { state: 'complete', value: 1 }),
    of(1, { state: 'failed', reason: 'breaks a limit' }),
    of(2, { state: 'pruned' }),
    of(3, { state: 'failed', reason: 'CUDA' }),
    of(4, { state: 'complete', value: Number.NaN }),
    of(5, { state: 'pruned' }),
  ];
  const breaksLimit = (trial: Trial) => trial.state === 'failed' && trial.reason === 'breaks a limit';
  const series = [{ name: '', trials }];
  const { title } = viz.convergence({ series, direction: 'minimize', breaksLimit });
  expect([(title as { text: string | string[] }).text].flat().join(' ')).toBe(
    '× 5 trials without a value: 1 failed, 2 pruned, 1 beyond a limit, 1 not finite',
  );
});

describe('parallelCoordinates', () => {
  it('prints the names of five parameters whole', async () => {
    const names = ['learningRate', 'convolutionKernel', 'poolingKernel', 'dropout', 'batchSize'];
    const trials = [0, 1].map((number): Trial => {
      const params = Object.fromEntries(names.map((name, i) => [name, number + i]));
      return { number, params, reports: [], state: 'complete', value: number };
    });
    const spec = viz.parallelCoordinates({ trials, direction: 'minimize', value: 'validation error' });
    const drawnTexts = texts(await drawn(spec)).join('');
    for (const name of [...names, 'validationerror']) expect(drawnTexts.replaceAll(' ', '')).toContain(name);
  });

  it('writes long names whole, in lines that fit between two axes', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `learning_rate_of_the_encoderLayer${i}`);
    const params = Object.fromEntries(names.map((name, i) => [name, i]));
    const trials: Trial[] = [{ number: 0, params, reports: [], state: 'complete', value: 1 }];
    const lines = texts(await drawn(viz.parallelCoordinates({ trials, direction: 'minimize' })));
    for (const name of names) expect(lines.join('')).toContain(name);
    expect(Math.max(...lines.filter((line) => line.includes('_')).map((line) => line.length))).toBeLessThan(
      14,
    );
  });
});

describe('posteriorCurve', () => {
  it('changes the sign for minimize and marks the largest acquisition', async () => {
    const spec = await viz.posteriorCurve({
      posterior,
      space,
      direction: 'minimize',
      trials: [pair(0, 10, 0)],
      utility: ({ mean }) => ({ value: mean.map((m) => 1 + m), dMean: mean, dVariance: mean }),
    });
    const [top, below] = spec.vconcat as readonly {
      readonly layer: readonly { readonly data: { readonly values: readonly Record<string, number>[] } }[];
    }[];
    const band = top!.layer[0]!.data.values;
    expect(band).toHaveLength(200);
    expect(band[0]).toMatchObject({ x: 1, mean: 0.5 });
    expect(band[0]!.high).toBeCloseTo(0.5 + 1.96 * 0.1, 4);
    expect(band[199]!.x).toBeCloseTo(100, 12);
    expect(below!.layer[1]!.data.values[0]!.x).toBeGreaterThan(9.5);
    expect(below!.layer[1]!.data.values[0]!.x).toBeLessThan(10.5);
    expect(texts(await drawn(spec))).toEqual(expect.arrayContaining(['x', 'value', 'acquisition']));
  });
  it('refuses a parameter that the space lacks, by name', async () => {
    await expect(
      viz.posteriorCurve({ posterior, space, direction: 'minimize', parameter: 'z' }),
    ).rejects.toThrow(/parameter is "z", allowed is one of x, y/);
  });
  it('draws two parameters as two maps with a cell a pair and a point a trial', async () => {
    const spec = await viz.posteriorMap({
      posterior,
      space,
      direction: 'minimize',
      trials: [pair(0, 10, 4), pair(1, 3, 2)],
    });
    // Cells have the same colours on a dark page, and the points stay light on them.
    const ofPoints = (chart: viz.ChartSpec) =>
      JSON.stringify(chart).match(/"type":"circle"[^}]*"color":"(\w+)"/g);
    expect(ofPoints(viz.darkChart(spec))).toEqual(ofPoints(spec));
    expect(ofPoints(spec)).toHaveLength(2);
    const document = await drawn(spec);
    expect(document.querySelectorAll('g.mark-rect.role-mark > path').length).toBe(2 * 40 * 40);
    expect(labels(document).filter((l) => l.startsWith('trial 1: 5'))).toHaveLength(2);
  });
});

describe('charts of figures', () => {
  it('sorts importances and prints their shares', async () => {
    const document = await drawn(
      viz.importance({
        importances: [
          { name: 'a', share: 0.1 },
          { name: 'b', share: 0.85, low: 0.8, high: 0.9 },
        ],
      }),
    );
    const shown = texts(document);
    expect(shown.indexOf('b')).toBeLessThan(shown.indexOf('a'));
    expect(shown).toEqual(expect.arrayContaining(['85 %', '10 %']));
  });
  it('counts the intervals that hold', async () => {
    const predictions = [0, 1, 2, 9].map((observed, i) => ({ observed, mean: i, variance: 0.25 }));
    const document = await drawn(viz.calibration({ predictions }));
    expect(texts(document)).toContain('75 % of 4 intervals of 90 % hold the observed value');
    expect(labels(document)).toHaveLength(4);
  });
  it.each([
    [
      'minimize',
      'minimize',
      [
        [0, 3],
        [1, 1],
        [3, 0],
      ],
    ],
    ['maximize', 'minimize', [[3, 0]]],
    [
      'maximize',
      'maximize',
      [
        [0, 3],
        [2, 2],
        [3, 0],
      ],
    ],
  ] as const)('finds the front when we %s across and %s up', (first, second, wanted) => {
    const points = [
      [0, 3],
      [1, 1],
      [2, 2],
      [3, 0],
      [1, 1],
    ] as const;
    const trials = points.map(
      ([a, b], i): Trial => ({
        number: i,
        params: {},
        reports: [],
        state: 'complete',
        value: b,
        metrics: { a },
      }),
    );
    const spec = viz.paretoFront({
      trials,
      objectives: [
        { metric: 'a', direction: first },
        { metric: 'value', direction: second },
      ],
    });
    const layers = spec.layer as readonly {
      readonly data: { readonly values: readonly { readonly x: number; readonly y: number }[] };
    }[];
    expect(layers[1]!.data.values.map((p) => [p.x, p.y])).toEqual(wanted);
  });
  it('names an objective of a front by its title, on the axis and at the points', () => {
    const { layer } = viz.paretoFront({
      trials: [{ number: 4, params: {}, reports: [], state: 'complete', value: 2, metrics: { size: 3 } }],
      objectives: [
        { metric: 'value', direction: 'minimize', title: 'loss' },
        { metric: 'size', direction: 'maximize' },
      ],
    });
    const text = JSON.stringify(layer);
    for (const part of ['loss (minimize)', 'size (maximize)', 'trial 4: loss 2, size 3'])
      expect(text).toContain(part);
    expect(text).not.toContain('value (');
  });
  it('stacks all weights of many sources and names the rest', async () => {
    const steps = [1, 2, 3].map((trial) => ({
      trial,
      weights: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`s${i}`, i])),
    }));
    const spec = viz.sourceWeights({ steps });
    const values = (spec.data as { readonly values: readonly { readonly x: number; readonly y: number }[] })
      .values;
    expect(values.filter((v) => v.x === 2).reduce((sum, v) => sum + v.y, 0)).toBe(66);
    expect(texts(await drawn(spec))).toContain('all others');
  });
  it('draws one cell an observation and says how many there are', async () => {
    const values = matrix(3, 4, Float64Array.of(1, NaN, 2, NaN, NaN, NaN, 3, NaN, NaN, 4, NaN, Infinity));
    const spec = viz.matrixHeatMap({
      values,
      rowNames: ['a', 'b', 'c'],
      columnNames: ['p', 'q', 'r', 's'],
      chosen: 1,
    });
    const document = await drawn(spec);
    expect(texts(document)).toEqual(expect.arrayContaining(['4 of 12 cells observed (33 %)', 'a', 'c', 's']));
    expect(labels(document)).toEqual(
      expect.arrayContaining(['a, p: 1', 'a, r: 2', 'b, r: 3', 'c, q: 4', 'chosen: b']),
    );
    expect(() => viz.matrixHeatMap({ values, rowNames: [], columnNames: [] })).toThrow(/3×4/);
  });
  it('prints long names whole on a slant, and of longer ones their beginnings and ends', async () => {
    const shown = async (rowNames: readonly string[]) => {
      const values = matrix(rowNames.length, 1, new Float64Array(rowNames.length));
      const document = await drawn(viz.matrixHeatMap({ values, rowNames, columnNames: ['c'], width: 680 }));
      const all = [...document.querySelectorAll('text')].filter((t) =>
        rowNames.includes(t.textContent ?? ''),
      );
      return { document, turned: all.map((t) => t.getAttribute('transform')?.includes('rotate') === true) };
    };
    const twelve = Array.from({ length: 12 }, (_, i) => `checkpoint-${100 * (i + 1)}`);
    expect((await shown(twelve)).turned).toEqual(twelve.map(() => true));
    expect((await shown(twelve.slice(0, 4))).turned).toEqual([false, false, false, false]);
    // Short names stay level, and some are left out.
    const steps = Array.from({ length: 60 }, (_, i) => `step${i}`);
    const { turned } = await shown(steps);
    expect(turned.length).toBeLessThan(30);
    expect(turned).not.toContain(true);
    const path = (i: number) => `runs/2026-11-20/a-model-of-seven-billion/checkpoint-${i}`;
    const { document } = await shown([path(100), path(200)]);
    expect(texts(document)).toEqual(
      expect.arrayContaining(['runs/2026…ion/checkpoint-100', 'runs/2026…ion/checkpoint-200']),
    );
  });
  it('merges rows of a matrix that has more cells than a page can draw', () => {
    const names = (n: number) => Array.from({ length: n }, (_, i) => `n${i}`);
    const values = matrix(1000, 200, new Float64Array(200_000).fill(0.5));
    const spec = viz.matrixHeatMap({ values, rowNames: names(1000), columnNames: names(200) });
    const layers = spec.layer as readonly { readonly data: { readonly values: readonly unknown[] } }[];
    expect(layers[1]!.data.values.length).toBeLessThanOrEqual(30_000);
  });
  it('marks the chosen row, over positions and as a ranking', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ name: `m${i}`, mean: -i, variance: 1 }));
    const ranking = await drawn(viz.rowMeans({ rows, chosen: 55 }));
    expect(labels(ranking)).toHaveLength(41);
    expect(texts(ranking)).toContain('m55');
    const curve = await drawn(
      viz.rowMeans({ rows: rows.map((r, i) => ({ ...r, position: i })), chosen: 55 }),
    );
    expect(texts(curve)).toContain('chosen: m55: −55, 95 % between −56.96 and −53.04');
  });
  it('prints correlations in small maps', async () => {
    const spec = viz.correlationMap({
      correlations: matrix(2, 2, Float64Array.of(1, -0.5, -0.5, 1)),
      names: ['p', 'q'],
    });
    const colorsOfTexts = (chart: viz.ChartSpec) =>
      JSON.stringify(chart).match(/"condition":\{[^}]*\},"value":"[^"]*"/g);
    expect(colorsOfTexts(viz.darkChart(spec))).toEqual(colorsOfTexts(spec));
    expect(colorsOfTexts(spec)).toHaveLength(1);
    const document = await drawn(spec);
    expect(texts(document).filter((t) => t === '−0.50')).toHaveLength(2);
    expect(labels(document)).toContain('p and q: −0.50');
  });
  it('says how much sooner the first method arrives', async () => {
    const groups = [
      { name: 'warm', runs: [[3, 1, 0.5, 0.5]] },
      { name: 'cold', runs: [[5, NaN, 4, 1]] },
    ];
    const document = await drawn(viz.comparison({ groups, direction: 'minimize' }));
    expect(texts(document)).toEqual(
      expect.arrayContaining(['warm needs 2 evaluations for what cold has after 4', 'warm', 'cold']),
    );
    // 0.5 to 4 are seen against 0; 8 to 9 are not.
    expect(texts(document)).toContain('0.0');
    const far = { name: 'far', runs: [[9, 8.5, 8]] };
    expect(texts(await drawn(viz.comparison({ groups: [far], direction: 'minimize' })))).not.toContain('0.0');
    const reverse = await drawn(viz.comparison({ groups: [...groups].reverse(), direction: 'minimize' }));
    expect(texts(reverse).join()).not.toContain('needs');
  });
});

describe('distribution', () => {
  it('draws a bar a range whose heights are the numbers of values, and a line at the best', async () => {
    const values = [1, 1.1, 1.2, 2, 2.1, 3.05, 3.1, 3.2, 4, 5];
    const spec = viz.distribution({
      trials: [...values.map((v, i) => complete(i, v)), failed(10)],
      direction: 'minimize',
      value: 'loss',
    });
    const document = await drawn(spec);
    const found = labels(document);
    const bars = found.filter((label) => / from /.test(label));
    // Six bins of 2/3 from 1 to 5: the values that fall into each, counted by hand.
    expect(bars.map((label) => Number(label.split(' ')[0]))).toEqual([3, 2, 0, 3, 1, 1]);
    expect(document.querySelector('line[aria-label]')!.getAttribute('aria-label')).toBe('best: 1 (trial 0)');
    expect(texts(document)).toEqual(expect.arrayContaining(['loss', 'trials']));
  });

  it('leaves out and counts what lies far beyond, and shows that there is nothing', async () => {
    const trials = [...Array.from({ length: 20 }, (_, i) => complete(i, i)), complete(20, 1e6)];
    expect(texts(await drawn(viz.distribution({ trials, direction: 'minimize' })))).toContain(
      '1 trial beyond the axis',
    );
    expect(texts(await drawn(viz.distribution({ trials: [], direction: 'minimize' })))).toContain(
      'no values yet',
    );
    const equal = viz.distribution({ trials: [complete(0, 7), complete(1, 7)], direction: 'maximize' });
    expect(labels(await drawn(equal))[0]).toMatch(/^2 trials from/);
  });
});

describe('learningCurves', () => {
  const curve = (number: number, values: readonly number[]) =>
    values.map((value, i) => ({ step: i + 1, value, number }));
  it('draws a line a trial in the order of its steps, and a cross where a pruned one ended', async () => {
    const trials = [
      { ...complete(0, 1), reports: curve(0, [3, 2, 1]) },
      { ...failed(1), reports: [] },
      {
        number: 2,
        params: { lr: 0.1, act: 'relu' },
        reports: curve(2, [4, 3.5]).reverse(),
        state: 'pruned' as const,
      },
    ];
    const document = await drawn(viz.learningCurves({ trials, direction: 'minimize', step: 'epoch' }));
    expect(labels(document)).toContain('trial 2 (pruned), step 2: 3.5');
    expect(texts(document)).toEqual(expect.arrayContaining(['epoch', 'pruned', 'best']));
    expect(texts(document)).not.toContain('failed');
  });
  it('marks the best of those that may be the best', async () => {
    const trials = [0, 1].map((number) => ({
      ...complete(number, number),
      reports: curve(number, [3, number]),
    }));
    const competes = ({ number }: { readonly number: number }) => number === 1;
    const document = await drawn(viz.learningCurves({ trials, direction: 'minimize', competes }));
    expect(labels(document)).toContain('trial 1 (best), step 1: 3');
  });
});

describe('darkChart', () => {
  it('replaces the colours and leaves data and texts alone', async () => {
    const trials = [complete(0, 2), complete(1, 1)];
    const series = [
      { name: '#0072b2', trials },
      { name: '#ffffff', trials },
    ];
    const spec = viz.convergence({ series, direction: 'minimize' });
    const dark = viz.darkChart(spec);
    expect(texts(await drawn(dark))).toEqual(texts(await drawn(spec)));
    expect(JSON.stringify(dark.config)).not.toMatch(/#ffffff|#1f2933/);
    expect(viz.darkChart(dark)).toEqual(dark);
  });
});

describe('workerTimeline', () => {
  it('has a row a worker, a bar a trial, and says how long workers had one', async () => {
    const span = (worker: string, trial: number, [from, to]: readonly [number, number]) =>
      ({ worker, trial, from, to, state: 'complete' }) as const;
    const spans = [span('a', 0, [0, 60_000]), span('b', 1, [0, 30_000]), span('a', 2, [90_000, 150_000])];
    const document = await drawn(viz.workerTimeline({ spans }));
    expect(labels(document)).toEqual(
      expect.arrayContaining([
        'trial 0 (complete) at a',
        'trial 1 (complete) at b',
        'trial 2 (complete) at a',
      ]),
    );
    // a: 120 of 150 seconds, b: 30 of 30.
    expect(texts(document)).toContain('Workers had a trial for 83 % of their time');
    expect(texts(document)).toContain('minutes since the first trial');
  });

  it('draws 10,000 short trials as far fewer bars', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => ({
      ...{ worker: `w${i % 3}`, trial: i, from: 1000 * i, to: 1000 * i + 2900, state: 'complete' as const },
    }));
    const { values } = viz.workerTimeline({ spans })['data'] as { values: readonly unknown[] };
    expect(values.length).toBeLessThan(5000);
    expect(values.length).toBeGreaterThan(100);
  });
});

describe('feasibility', () => {
  it('counts the trials that keep the limit, and draws it', async () => {
    const trials = [1, 5, 9].map((megabytes, i) => ({ ...complete(i, 1), metrics: { megabytes } }));
    const upper = await drawn(viz.feasibility({ trials, constraint: { metric: 'megabytes', atMost: 5 } }));
    expect(texts(upper)).toContain('at most 5: kept by 2 of 3 trials');
    expect(labels(upper)).toContain('trial 2: megabytes 9, broken');
    const lower = await drawn(viz.feasibility({ trials, constraint: { metric: 'megabytes', atLeast: 6 } }));
    expect(texts(lower)).toContain('at least 6: kept by 1 of 3 trials');
  });
});
