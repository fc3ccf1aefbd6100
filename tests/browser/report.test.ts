/** A report as a person sees it: in a real Chromium, at desktop and phone width, light and dark. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Params } from '@foothold/core';
import { categorical, integer, logUniform, minimize, random, searchSpace, uniform } from 'foothold';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyReport } from '../../packages/cli/src/commands/study-report.ts';
import { type Launched, launch } from './launch.ts';

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

cases(runs ? 'a report' : 'a report (skipped: the Chromium is for Linux on x64)', () => {
  let launched: Launched | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'foothold-report-'));
  const file = join(folder, 'report.html');

  beforeAll(async () => {
    launched = await launch();
    const { trials } = await minimize(
      ({ learning_rate_of_the_encoder: lr, dropout }) => (Math.log10(lr) + 3) ** 2 + dropout,
      space,
      { trials: 30, sampler: random() },
    );
    const study = { name: 'encoder', value: 'validation_loss', direction: 'minimize' } as const;
    const described = { ...study, space: space.description, trials: trials as readonly TrialOf[] };
    writeFileSync(file, await studyReport(described));
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  type TrialOf = Parameters<typeof studyReport>[0]['trials'][number] & { readonly params: Params };

  it.each([
    [1200, 'light'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('can be read on a page %i pixels wide, %s', async (width, colorScheme) => {
    const page = await launched!.browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    const seen = await page.evaluate(() => {
      const texts = [...document.querySelectorAll('.chart svg text')].filter(
        (text) => text.textContent !== '' && text.checkVisibility(),
      );
      const outside = texts.filter((text) => {
        const box = text.getBoundingClientRect();
        const svg = text.closest('svg')!.getBoundingClientRect();
        return box.left < svg.left - 1 || box.right > svg.right + 1 || box.top < svg.top - 1;
      });
      return {
        texts: texts.length,
        // A text on a slant has its size in both columns of the matrix.
        small: texts.flatMap((text) => {
          const { a, b } = (text as SVGTextElement).getScreenCTM()!;
          const size = Number.parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
          return size < 10 ? [`${text.textContent}: ${size} px`] : [];
        }),
        outside: outside.map((text) => text.textContent),
        sideways: document.documentElement.scrollWidth - innerWidth,
        charts: [...document.querySelectorAll('.chart')].filter((chart) => chart.checkVisibility()).length,
      };
    });
    await page.close();
    expect(faults).toEqual([]);
    expect(seen.charts).toBe(3);
    expect(seen.texts).toBeGreaterThan(50);
    expect(seen.small).toEqual([]);
    expect(seen.outside).toEqual([]);
    expect(seen.sideways).toBeLessThanOrEqual(0);
  });
});
