import type { Trial, Why } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { drawn } from './drawn.fixture.ts';
import * as viz from './index.ts';

const trial = (number: number, why?: Why): Trial => ({
  number,
  params: { x: number },
  reports: [],
  state: 'complete',
  value: 1 / (number + 1),
  ...(why && { why }),
});
const withSources = (number: number, gate: number, more: Why = {}) =>
  trial(number, { stage: 'model', model: { transfer: { turn: 'sources', gate, ...more } } });
const history: readonly Trial[] = [
  trial(0),
  trial(1, { stage: 'warm start', sources: ['small', 'old'], unused: { old: ['parameter z is not in it'] } }),
  withSources(2, 0.75, { sources: ['small', 'old'], hypotheses: { follows: 0.75, ignores: 0.25 } }),
  withSources(3, 0.5, {
    sources: [
      { name: 'small', weight: 0.3 },
      { name: 'old', weight: 0.2 },
    ],
    ignored: ['noise'],
    hypotheses: { follows: 0.5, ignores: 0.5 },
  }),
  trial(4, {
    stage: 'model',
    model: { transfer: { turn: 'plain', gate: 0, sources: [{ name: 'small', weight: 0 }] } },
  }),
  trial(5, { stage: 'initial' }),
];

/** Label, x and y (pixels of the plot) of each described mark. */
function marks(document: Document) {
  return [...document.querySelectorAll('path[aria-label]')].map((p) => {
    const [, x, y] = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(p.getAttribute('transform') ?? '') ?? [];
    return [p.getAttribute('aria-label') ?? '', Number(x), Number(y)] as const;
  });
}
/** Heights in pixels of the bars at each position, to ten pixels: Vega leaves half a pixel free beside a bar. */
function bars(document: Document): ReadonlyMap<number, number> {
  const heights = new Map<number, number>();
  for (const path of document.querySelectorAll('g.mark-rect.role-mark > path')) {
    const [, x, , across, height] =
      /^M(-?[\d.]+),(-?[\d.]+)h([\d.]+)v([\d.]+)/.exec(path.getAttribute('d') ?? '') ?? [];
    const middle = Math.round((Number(x) + Number(across) / 2) / 10) * 10;
    heights.set(middle, (heights.get(middle) ?? 0) + Number(height));
  }
  return heights;
}

describe('what earlier studies contributed', () => {
  it('is a point a suggestion at the weight of earlier studies: 1 for earlier studies only, 0 for a model without them', async () => {
    const spec = viz.transferWeight({ steps: viz.transferSteps(history), width: 400, height: 100 });
    expect(marks(await drawn(spec))).toEqual([
      ['trial 1: earlier studies only, 100 %', 50, 0],
      ['trial 2: with earlier studies, 75 %', 150, 25],
      ['trial 3: with earlier studies, 50 %', 250, 50],
      ['trial 4: without earlier studies, 0 %', 350, 100],
    ]);
  });

  it('stacks the weights of a trial to the height of their sum, and leaves trials without any empty', async () => {
    const section = viz.transferSection(history)!;
    expect(section.charts).toHaveLength(3);
    const [, weights, hypotheses] = section.charts!.map(({ spec }) => ({ ...spec, width: 400, height: 100 }));
    // One trial has weights of sources, 0.5 in all, the largest that the axis must hold.
    const stacked = bars(await drawn(weights!));
    expect([...stacked].filter(([, height]) => height > 0)).toEqual([[250, 100]]);
    const full = bars(await drawn(hypotheses!));
    expect([...full].filter(([, height]) => height > 0)).toEqual([
      [150, 100],
      [250, 100],
    ]);
  });

  it('names the sources, counts suggestions by their basis and lists what was not used', async () => {
    const section = viz.transferSection(history)!;
    expect(section.text).toEqual(['Earlier studies: small, old.']);
    expect(section.facts).toEqual([
      { name: 'earlier studies', value: 2 },
      { name: 'last weight', value: '50 %' },
      { name: 'from earlier studies only', value: '1 trial' },
      { name: 'from a model with them', value: '2 trials' },
      { name: 'from a model without them', value: '1 trial' },
    ]);
    expect(section.table?.rows).toEqual([
      ['noise', 'the whole study: its values look like noise'],
      ['old', 'parameter z is not in it'],
    ]);
    const page = await viz.report({ title: 't', sections: [section] });
    expect(page.match(/<svg/g)).toHaveLength(3);
  });

  it('sums up the many hypotheses that differ only in detail', () => {
    const hypotheses = Object.fromEntries(
      [0, 0.5, 1].flatMap((share) =>
        [1, 2, 3, 4].map((smooth) => [`share ${share}, smooth ${smooth}`, 1 / 12]),
      ),
    );
    const { charts } = viz.transferSection([withSources(0, 1, { sources: ['a'], hypotheses })])!;
    const { values } = charts!.at(-1)!.spec.data as { readonly values: readonly { s: string; y: number }[] };
    expect(values.map(({ s }) => s)).toEqual(['share 0', 'share 0.5', 'share 1']);
    for (const { y } of values) expect(y).toBeCloseTo(1 / 3, 12);
  });

  it('reads the common form, names the rest of many sources, and counts a weight of 0 as none', () => {
    const common = (gate: number): Why => ({
      transfer: { method: 'multi-task', sources: [{ name: 'a', weight: gate / 2, correlation: 0.5 }], gate },
    });
    const steps = viz.transferSteps([
      trial(0, { stage: 'warm start', ...common(1) }),
      trial(1, { stage: 'model', ...common(0.5) }),
      trial(2, { stage: 'initial', ...common(0) }),
    ]);
    expect(steps.map(({ basis, weight, weights }) => [basis, weight, weights])).toEqual([
      ['earlier studies only', undefined, { a: 0.5, 'sources not named': 0.5 }],
      ['with earlier studies', 0.5, { a: 0.25, 'sources not named': 0.25 }],
      ['without earlier studies', undefined, { a: 0 }],
    ]);
    const { facts, text } = viz.transferSection([trial(1, common(0.5))])!;
    expect(facts![0]).toEqual({ name: 'earlier studies', value: 'more than 1' });
    expect(text).toEqual(['Earlier studies: a.']);
    const one: Why = { transfer: { sources: [{ name: 'a', weight: 0.5 }], gate: 0.5 } };
    // Its weight is that of all: one chart is enough.
    expect(viz.transferSection([trial(0, one)])!.charts).toHaveLength(1);
  });

  it('is absent for a study without sources', () => {
    expect(viz.transferSection([])).toBeUndefined();
    expect(viz.transferSection([trial(0), trial(1, { stage: 'model', model: {} })])).toBeUndefined();
  });

  it('is drawn whatever form the log has: weights by name, no names, wrong types', async () => {
    const odd: readonly Trial[] = [
      trial(0, { stage: 'warm start' }),
      trial(1, { transfer: { method: 'ranking-weighted', weights: { small: 0.4, target: 0.6 } } }),
      trial(2, {
        model: { transfer: { turn: 7, gate: 'much', sources: 'all', hypotheses: [1], ignored: {} } },
      }),
      trial(3, { model: { transfer: 'yes' }, unused: 'nothing' }),
      trial(4, { model: [], unused: { a: 'one thing', b: [1, null] } }),
      withSources(5, 1e9, { sources: [null, 3, { name: 4 }, { name: 'x' }, { weight: 1 }] }),
    ];
    expect(viz.transferSteps(odd).map(({ weights }) => weights)[1]).toEqual({ small: 0.4, target: 0.6 });
    const { charts } = viz.transferSection(odd)!;
    for (const { spec } of charts!) await drawn(spec);
  });

  it('draws 5,000 suggestions of 60 sources in seconds', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `source ${i}`);
    const many = Array.from({ length: 5000 }, (_, i) =>
      withSources(i, (i % 100) / 100, { sources: names.map((name, k) => ({ name, weight: 1 / (k + 1) })) }),
    );
    await viz.toSvg(viz.transferWeight({ steps: [] }));
    const start = performance.now();
    const page = await viz.report({ title: 't', sections: [viz.transferSection(many)!] });
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(page).toContain('all others');
    expect(page).toContain('and 48 more');
  });
});
