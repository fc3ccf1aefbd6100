import { describe, expect, it } from 'vitest';
import { beliefChart } from './belief-chart.ts';
import { drawn } from './drawn.fixture.ts';
import { posteriorMap } from './posterior-map.ts';
import { workerTimeline } from './worker-timeline.ts';

const curve = { positions: [0, 1, 2], mean: [1, 2, 3], variance: [1, 1, 1] };
const interval = { share: 0.9, low: [0.5, 1, 2.5], high: [1.5, 2.5, 6] };

/** The rows of the band, and the domain of the value axis. */
function drawnOf(chart: ReturnType<typeof beliefChart>) {
  const [band] = chart['layer'] as [
    {
      data: { values: { low: number; high: number; d: string }[] };
      encoding: { y: { scale: { domain: number[] } } };
    },
  ];
  return { rows: band.data.values, domain: band.encoding.y.scale.domain };
}

describe('beliefChart', () => {
  it('draws 95 % of a normal distribution, or the interval that it is given, and says which', () => {
    const [normal] = drawnOf(beliefChart(curve)).rows;
    expect(normal!.high).toBeCloseTo(2.96, 2);
    expect(normal!.d).toContain('95 %');
    const { rows } = drawnOf(beliefChart({ ...curve, interval }));
    expect(rows.map(({ low, high }) => [low, high])).toEqual([
      [0.5, 1.5],
      [1, 2.5],
      [2.5, 6],
    ]);
    expect(rows[2]!.d).toBe('2: 3, 90 % between 2.5 and 6');
  });

  it('shares a value axis with other charts', () => {
    expect(drawnOf(beliefChart({ ...curve, interval })).domain).toEqual([0.5, 6]);
    expect(drawnOf(beliefChart({ ...curve, interval, valueRange: [-4, 9] })).domain).toEqual([-4, 9]);
  });
});

it('puts the two maps of a posterior one below the other where it is narrow', async () => {
  const columns = ['x', 'y'].map((name) => ({ kind: 'continuous' as const, name }));
  const space = {
    columns,
    encode: ({ x, y }: { x: number; y: number }) => Float64Array.of(x, y),
    decode: (u: Float64Array) => ({ x: u[0]!, y: u[1]! }),
  };
  const posterior = {
    marginals: (x: { rows: number }) => ({
      mean: new Float64Array(x.rows),
      variance: new Float64Array(x.rows).fill(1),
    }),
  };
  const at = async (width: number) =>
    Object.keys(await posteriorMap({ space, posterior, direction: 'minimize', width }));
  expect(await at(340)).toContain('vconcat');
  expect(await at(900)).toContain('hconcat');
});

it.each(['toString', 'valueOf', 'hasOwnProperty', '"]+alert(1)+["', '\\', '{{x}}', 'datum.x'])(
  'draws %s as a name of a parameter, of a choice and of a worker, as it is written',
  async (name) => {
    const belief = { mean: [1, 2], variance: [1, 1] };
    const span = { trial: 0, from: 0, to: 1000, state: 'complete' } as const;
    const specs = [
      beliefChart({ ...belief, positions: [0, 1], position: name, title: name }),
      beliefChart({ ...belief, positions: [name, 'other'] }),
      workerTimeline({ spans: [{ ...span, worker: name }] }),
      workerTimeline({ spans: [{ ...span, worker: 'other' }], subtitle: name }),
    ];
    for (const spec of specs) {
      const texts = [...(await drawn(spec)).querySelectorAll('text')].map(({ textContent }) => textContent);
      expect(texts.map((text) => text?.replace('\u200b', ''))).toContain(name);
    }
  },
);
