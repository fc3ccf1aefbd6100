import { describe, expect, it } from 'vitest';
import { drawn } from './drawn.fixture.ts';
import { type ChartSpec, lineChart, sideBySide } from './index.ts';

const titles = { xTitle: 'degree', yTitle: 'error' };
const texts = (document: Document) => [...document.querySelectorAll('text')].map((t) => t.textContent);
/** Corners of each line in pixels of its plot: a list for each part that is not interrupted. */
const lines = (document: Document) =>
  [...document.querySelectorAll('path[fill="none"]'), ...document.querySelectorAll('.mark-line path')]
    .filter((path, i, all) => all.indexOf(path) === i)
    .map((path) =>
      [...(path.getAttribute('d') ?? '').matchAll(/([ML])([-\d.e]+),([-\d.e]+)/g)].map(
        ([, command, x, y]) => [command, Number(x), Number(y)] as const,
      ),
    );
const dots = (document: Document) =>
  [...document.querySelectorAll('path[aria-label]')].map((path) => [
    path.getAttribute('aria-label'),
    ...[...(path.getAttribute('transform') ?? '').matchAll(/[-\d.e]+(?=[,)])/g)].map(([v]) => Number(v)),
  ]);

describe('lineChart', () => {
  it('draws lines and points at the pixels of their numbers', async () => {
    const document = await drawn(
      lineChart({
        ...{ ...titles, width: 200, height: 100, xRange: [0, 4], yRange: [0, 10] },
        lines: [{ x: [0, 2, 4], y: [0, 10, 5] }],
        points: { x: [1, 3], y: [2.5, 7.5] },
      }),
    );
    expect(lines(document)).toEqual([
      [
        ['M', 0, 100],
        ['L', 100, 0],
        ['L', 200, 50],
      ],
    ]);
    expect(dots(document)).toEqual([
      ['1: 2.5', 50, 75],
      ['3: 7.5', 150, 25],
    ]);
    expect(texts(document)).toEqual(expect.arrayContaining(['degree', 'error']));
  });

  it('joins points in the order given, not in that of x', async () => {
    const circle = { x: [1, 2, 1, 0, 1], y: [0, 1, 2, 1, 0] };
    const [corners] = lines(await drawn(lineChart({ ...titles, width: 100, height: 100, lines: [circle] })));
    expect(corners!.map(([, x]) => x)).toEqual([50, 100, 50, 0, 50]);
  });

  it('gives equal factors equal lengths on logarithmic axes', async () => {
    const options = {
      ...titles,
      width: 300,
      height: 100,
      xLog: true,
      lines: [{ x: [1, 10, 1000], y: [0, 1, 0] }],
    };
    expect(lines(await drawn(lineChart(options)))[0]!.map(([, x]) => Math.round(x))).toEqual([0, 100, 300]);
  });

  it('interrupts a line where a number cannot be shown, and leaves out such points and those beyond the axes', async () => {
    const chart = lineChart({
      ...{ ...titles, yRange: [0, 2] },
      lines: [{ x: [0, 1, 2, 3, 4], y: [1, 1, Number.NaN, 1, 1] }],
      points: { x: [1, 2, 3], y: [1, Infinity, 3] },
    });
    const document = await drawn(chart);
    expect(lines(document)[0]!.filter(([command]) => command === 'M').length).toBe(2);
    expect(dots(document).map(([label]) => label)).toEqual(['1: 1']);
  });

  it('has the named lines in its legend, equal names with a number, and none without names', async () => {
    const line = { x: [0, 1], y: [0, 1] };
    const named = lineChart({
      ...titles,
      lines: [{ ...line, name: 'a' }, line, { ...line, name: 'a', dashed: true }],
    });
    const shown = texts(await drawn(named));
    expect(shown).toEqual(expect.arrayContaining(['a', 'a (2)']));
    expect(shown.join()).not.toContain('line 2');
    expect(texts(await drawn(lineChart({ ...titles, lines: [line, line] }))).join()).not.toContain('line');
  });

  it.each([
    ['nothing', [], []],
    ['one point', [1], [1]],
    ['equal values', [1, 2, 3], [7, 7, 7]],
    ['the largest numbers', [-Number.MAX_VALUE, 0, 1e300], [1e300, -1e300, Infinity]],
    ['the smallest number', [0, 1], [5e-324, 0]],
  ])('draws %s', async (_, x, y) => {
    await drawn(lineChart({ ...titles, lines: [{ x, y }], points: { x, y } }));
  });
});

describe('sideBySide', () => {
  it('draws charts from left to right with their titles, and describes them all', async () => {
    const panel = (title: string) =>
      lineChart({ ...titles, title, width: 100, lines: [{ x: [0, 1], y: [0, 1] }] });
    const chart = sideBySide([panel('left'), panel('right')], { title: 'both' });
    const shown = texts(await drawn(chart));
    expect(shown).toEqual(expect.arrayContaining(['left', 'right', 'both']));
    expect(chart['description']).toMatch(/left.*right/);
  });

  it('draws each chart as it is by itself, also where two differ in which line is dashed', async () => {
    const panel = (dashed: readonly boolean[]) =>
      lineChart({
        ...{ ...titles, width: 100 },
        lines: dashed.map((isDashed, i) => ({ x: [0, 1], y: [i, i + 1], dashed: isDashed })),
      });
    const dashes = (document: Document) =>
      [...document.querySelectorAll('.mark-line path')].map((path) => path.getAttribute('stroke-dasharray'));
    const charts = [panel([false, true]), panel([true, false]), panel([true, true])];
    const alone = await Promise.all(charts.map(async (chart) => dashes(await drawn(chart))));
    expect(alone[0]).toEqual([...alone[1]!].reverse());
    expect(new Set(alone[0])).toHaveProperty('size', 2);
    expect(dashes(await drawn(sideBySide(charts)))).toEqual(alone.flat());
  });

  it.each([
    ['size', [10, 20], [100, 200]],
    ['shape', ['circle', 'square'], ['diamond', 'circle']],
    ['opacity', [0.1, 0.2], [0.8, 0.9]],
    ['fill', ['#ff0000', '#00ff00'], ['#0000ff', '#ff00ff']],
    ['strokeWidth', [1, 2], [5, 6]],
  ])('keeps the %s of the marks of each chart', async (look, ...ranges) => {
    const panel = (range: readonly unknown[]): ChartSpec => ({
      ...{
        $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
        width: 50,
        height: 50,
        data: { values: [{ a: 'p' }, { a: 'q' }] },
      },
      mark: { type: 'point', filled: look === 'fill' || look === 'opacity' },
      encoding: {
        x: { field: 'a', type: 'nominal' },
        [look]: { field: 'a', type: 'nominal', scale: { domain: ['p', 'q'], range }, legend: null },
      },
    });
    const marks = (document: Document) =>
      [...document.querySelectorAll('.mark-symbol path')].map((path) =>
        ['d', 'fill', 'stroke', 'opacity', 'stroke-width'].map((name) => path.getAttribute(name)),
      );
    const charts = ranges.map((range) => panel(range as readonly unknown[]));
    const alone = await Promise.all(charts.map(async (chart) => marks(await drawn(chart))));
    expect(alone[0]).not.toEqual(alone[1]);
    expect(marks(await drawn(sideBySide(charts)))).toEqual(alone.flat());
  });

  it('refuses no charts', () => {
    expect(() => sideBySide([])).toThrow(/charts is .*at least one chart/);
  });
});
