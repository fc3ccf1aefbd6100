/** Pages of `charts.report`, as programs write them, as a person sees them: in a real Chromium, at desktop and phone width, light and dark. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { categorical, charts, integer, logUniform, minimize, searchSpace, uniform } from 'foothold';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from './launch.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;
const space = searchSpace({
  learning_rate_of_the_encoder: logUniform(1e-5, 1e-1),
  'optimizer/momentum': uniform(0, 0.99),
  number_of_transformer_layers: integer(1, 12),
  activation_function: categorical('relu', 'gelu', 'a-very-long-choice-name'),
  dropout: uniform(0, 0.9),
  hidden_units: integer(16, 512),
  label_smoothing: uniform(0, 0.3),
});
type Loss = (params: { readonly learning_rate_of_the_encoder: number; readonly dropout: number }) => number;
const loss: Loss = ({ learning_rate_of_the_encoder: lr, dropout }) => (Math.log10(lr) + 3) ** 2 + dropout;
const direction = 'minimize';
const phone = { width: 230, height: 220 };

/** Each report: its HTML, and the number of charts that are seen at once. */
const reports = {
  'a run': {
    charts: 2,
    make: async () => {
      const { trials } = await minimize(loss, space, { trials: 24, seed: 1 });
      const shared = { direction, value: 'validation_loss' } as const;
      const line = { ...shared, series: [{ name: 'encoder', trials }] };
      const panels = { ...shared, trials, space: space.description };
      return charts.report({
        title: 'encoder',
        sections: [
          {
            title: 'All trials',
            charts: [
              {
                spec: charts.convergence(line),
                narrow: charts.convergence({ ...line, ...phone }),
              },
              {
                spec: charts.slices(panels),
                narrow: charts.slices({ ...panels, columns: 1, width: 270, height: 130 }),
              },
            ],
            table: charts.trialTable(trials, direction, 'validation_loss'),
          },
        ],
      });
    },
  },
};

/** What a page shows: sizes of its texts, and what is outside of its picture or beside the page. */
function seenOnPage() {
  const texts = [...document.querySelectorAll('.chart svg text')].filter(
    (text) => text.textContent !== '' && text.checkVisibility(),
  );
  const outside = texts.filter((text) => {
    const box = text.getBoundingClientRect();
    const svg = text.closest('svg')!.getBoundingClientRect();
    return box.left < svg.left - 1 || box.right > svg.right + 1 || box.top < svg.top - 1;
  });
  const charts = [...document.querySelectorAll('.chart')].filter((chart) => chart.checkVisibility());
  return {
    texts: texts.length,
    // A text on a slant has its size in both columns of the matrix.
    small: texts.flatMap((text) => {
      const { a, b } = (text as SVGTextElement).getScreenCTM()!;
      const size = Number.parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
      return size < 10 ? [`${text.textContent}: ${size} px`] : [];
    }),
    outside: outside.map(
      (text) => `${text.closest('section')!.querySelector('h2')!.textContent}: ${text.textContent}`,
    ),
    sideways: document.documentElement.scrollWidth - innerWidth,
    charts: charts.length,
    // Parallel coordinates have no form for a phone: they are scrolled.
    scrolled: charts.flatMap((chart) =>
      chart.classList.contains('narrow') && chart.scrollWidth > chart.clientWidth
        ? [
            `${chart.closest('section')!.querySelector('h2')!.textContent}: ${chart.scrollWidth} of ${chart.clientWidth} px`,
          ]
        : [],
    ),
  };
}

cases(runs ? 'a report' : 'a report (skipped: the Chromium is for Linux on x64)', () => {
  let launched: Launched | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'foothold-report-'));
  const names = Object.keys(reports) as (keyof typeof reports)[];

  beforeAll(async () => {
    launched = await sharedBrowser();
    for (const name of names) writeFileSync(join(folder, `${name}.html`), await reports[name].make());
  }, 60_000);
  afterAll(async () => {
    await launched?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const pages = (
    [
      [1200, 'light'],
      [390, 'light'],
      [390, 'dark'],
    ] as const
  ).flatMap(([width, scheme]) => names.map((name) => [name, width, scheme] as const));
  it.each(pages)('of %s can be read on a page %i pixels wide, %s', async (name, width, colorScheme) => {
    const page = await launched!.browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    const seen = await page.evaluate(seenOnPage);
    await page.close();
    expect(faults).toEqual([]);
    expect(seen.charts).toBe(reports[name].charts);
    expect(seen.texts).toBeGreaterThan(50);
    expect(seen.small).toEqual([]);
    expect(seen.outside).toEqual([]);
    expect(seen.scrolled).toEqual([]);
    expect(seen.sideways).toBeLessThanOrEqual(0);
  });
});
