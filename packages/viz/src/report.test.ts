import type { Trial } from '@foothold/core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import * as viz from './index.ts';

const evil = `"><script>globalThis.broken = 1</script><img src=x onerror=broken=1>'"]; broken=1; [" \${broken=1} & </style></svg>`;
const trials: readonly Trial[] = [
  {
    number: 0,
    params: { [evil]: 3, b: evil },
    reports: [],
    state: 'complete',
    value: 2,
    metrics: { [evil]: 1 },
  },
  { number: 1, params: { [evil]: 1, b: 'x' }, reports: [], state: 'failed', reason: evil },
  {
    number: 2,
    params: { [evil]: 2, b: 'x' },
    reports: [],
    state: 'complete',
    value: 10,
    metrics: { [evil]: 2 },
  },
  {
    number: 3,
    params: { [evil]: 5, b: 'y' },
    reports: [],
    state: 'complete',
    value: 1,
    metrics: { [evil]: 4 },
  },
];
const texted = { title: evil, subtitle: evil, value: evil } as const;
const direction = 'minimize';
const specs = [
  viz.convergence({
    ...texted,
    series: [
      { name: evil, trials },
      { name: evil, trials },
    ],
    direction,
  }),
  viz.slices({ ...texted, trials, direction }),
  viz.parallelCoordinates({ ...texted, trials, direction }),
  viz.paretoFront({
    ...texted,
    trials,
    objectives: [
      { metric: evil, direction },
      { metric: 'value', direction },
    ],
  }),
  viz.importance({ ...texted, importances: [{ name: evil, share: 1 }] }),
  viz.sourceWeights({
    ...texted,
    steps: [
      { trial: 0, weights: { [evil]: 1 } },
      { trial: 1, weights: { [evil]: 2 } },
    ],
  }),
  viz.rowMeans({ ...texted, rows: [{ name: evil, mean: 1, variance: 1 }], chosen: 0 }),
  viz.matrixHeatMap({
    ...texted,
    values: { rows: 1, columns: 1, data: Float64Array.of(1) },
    rowNames: [evil],
    columnNames: [evil],
    rowTitle: evil,
  }),
  viz.correlationMap({
    ...texted,
    correlations: { rows: 1, columns: 1, data: Float64Array.of(1) },
    names: [evil],
  }),
  viz.comparison({ ...texted, groups: [{ name: evil, runs: [[1, 2]] }], direction, evaluations: evil }),
  viz.beliefChart({
    ...texted,
    positions: [evil],
    mean: [1],
    variance: [1],
    acquisition: [1],
    position: evil,
  }),
  viz.scatter({ ...texted, points: [{ x: 1, y: 2, label: evil }], xTitle: evil, yTitle: evil }),
];
const page = () =>
  viz.report({
    title: evil,
    summary: evil,
    sections: [
      {
        title: evil,
        text: [evil, evil],
        facts: [{ name: evil, value: evil }],
        charts: specs.map((spec) => ({ spec, caption: evil })),
        table: viz.trialTable(trials, direction),
      },
    ],
  });

describe('report', () => {
  it('shows hostile names, reasons and titles as text and runs none of them', async () => {
    const html = await page();
    const dom = new JSDOM(html, { runScripts: 'dangerously' });
    const { document } = dom.window;
    expect((dom.window as unknown as { broken?: number }).broken).toBeUndefined();
    expect((globalThis as { broken?: number }).broken).toBeUndefined();
    expect(document.querySelectorAll('script')).toHaveLength(1);
    expect(document.querySelectorAll('img, iframe, link, a, foreignObject, object')).toHaveLength(0);
    expect(document.querySelectorAll('svg.marks')).toHaveLength(specs.length);
    expect(document.querySelector('h1')?.textContent).toBe(evil);
    expect(document.title).toBe(evil.replaceAll(/\s+/g, ' ').trim());
    for (const element of document.querySelectorAll('*'))
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on/);
    const reasons = [...document.querySelectorAll('tbody td')].map((td) => td.textContent);
    expect(reasons).toContain(evil);
  });

  it('names nothing to load and allows only its own script', async () => {
    const html = await page();
    const { document } = new JSDOM(html).window;
    const addresses = [...document.querySelectorAll('[src], [href]')].map(
      (e) => e.getAttribute('src') ?? e.getAttribute('href'),
    );
    expect(addresses.filter((a) => !a?.startsWith('#'))).toEqual([]);
    expect(document.querySelector('style')?.textContent).not.toMatch(/url\(|@import/);
    const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? '';
    const script = new TextEncoder().encode(document.querySelector('script')?.textContent ?? '');
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', script)).toString('base64');
    expect(policy).toContain(`script-src 'sha256-${digest}'`);
    expect(policy).toContain("default-src 'none'");
  });

  it('gives the clip paths of several charts names of their own', async () => {
    const { document } = new JSDOM(await page()).window;
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const e of document.querySelectorAll('[clip-path]')) {
      const id = /url\(#(.*)\)/.exec(e.getAttribute('clip-path') ?? '')?.[1] ?? '';
      expect(document.getElementById(id)?.closest('svg')).toBe(e.closest('svg'));
    }
  });

  it('marks the best trial and sorts the table by number when a heading is pressed', async () => {
    const dom = new JSDOM(await page(), { runScripts: 'dangerously' });
    const { document } = dom.window;
    const first = () => [...document.querySelectorAll('tbody tr')].map((row) => row.children[0]?.textContent);
    expect(document.querySelector('tr.best td')?.textContent).toBe('3');
    const button = [...document.querySelectorAll('th button')].find(
      (b) => b.textContent === 'value',
    ) as HTMLElement;
    button.click();
    expect(first()).toEqual(['3', '0', '2', '1']);
    button.click();
    expect(first()).toEqual(['2', '0', '3', '1']);
  });

  it('lists the best 1,000 of more trials and says so', () => {
    const many = Array.from(
      { length: 1500 },
      (_, i): Trial => ({ number: i, params: {}, reports: [], state: 'complete', value: -i }),
    );
    const table = viz.trialTable(many, 'minimize');
    expect(table.rows).toHaveLength(1000);
    expect(table.rows[0]?.[0]).toBe(500);
    expect(table.caption).toBe('the best 1000 of 1500 trials');
    expect(table.rows[table.best ?? -1]?.[0]).toBe(1499);
  });
  it('lists durations, attributes and notes where trials have them', () => {
    const table = viz.trialTable(
      [
        {
          ...{ number: 0, params: { x: 1 }, reports: [], state: 'complete', value: 2 },
          ...{ startedAt: 1000, finishedAt: 3500, attributes: { host: 'a', gpus: [0, 1] }, note: 'ok' },
        },
        { number: 1, params: { x: 2 }, reports: [], state: 'failed', reason: 'memory', startedAt: 4000 },
      ],
      'minimize',
    );
    expect(table.columns).toEqual([
      ...['trial', 'state', 'value', 'x', 'duration (s)', 'host', 'gpus', 'note', 'reason'],
    ]);
    expect(table.rows).toEqual([
      [0, 'complete', 2, 1, 2.5, 'a', '[0,1]', 'ok', undefined],
      [1, 'failed', undefined, 2, undefined, undefined, undefined, undefined, 'memory'],
    ]);
  });
});

describe('toSvg', () => {
  it('refuses what is not a specification with a typed error', async () => {
    await expect(viz.toSvg({ $schema: 'x', mark: 3 })).rejects.toMatchObject({
      name: 'InvalidArgumentError',
      argument: 'spec',
    });
  });
  it('loads no data, whatever a specification names', async () => {
    const spec = {
      $schema: 'x',
      data: { url: 'file:///etc/hostname' },
      mark: 'point',
      encoding: { x: { field: 'a', type: 'quantitative' } },
    };
    expect(await viz.toSvg(spec)).toContain('<svg');
  });
  it('gives the same text for the same chart', async () => {
    const spec = viz.slices({ trials, direction });
    expect(await viz.toSvg(spec)).toBe(await viz.toSvg(JSON.parse(JSON.stringify(spec)) as viz.ChartSpec));
  });
});
