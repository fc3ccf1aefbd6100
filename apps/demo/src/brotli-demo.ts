import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  comparison,
  convergence,
  parallelCoordinates,
  report,
  slices,
  terminalChart,
  trialTable,
} from '@foothold/viz';
import { minimize, smallToLarge, type Trial } from 'foothold';
import { type BrotliParams, brotliScore, brotliSpace, downloads, lineSpeed } from './brotli.ts';
import { type Corpus, readCorpus, sampleOf } from './corpus.ts';
import type { Demo, Screen } from './demo.ts';
import { table } from './table.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const smallTrials = 20;
const largeTrials = 10;
const corpusBytes = 2 ** 20;
const sampleShare = 0.08;

/** The main job on real input: a compressor's settings, learned on a few files, carried over to all of them. */
export const brotliDemo: Demo = {
  name: 'brotli',
  about: 'tune the Brotli compressor on a few of the files here, then carry that over to all of them',
  run: async ({ linalg, seed, report: path, screen }) => {
    const corpus = readCorpus(
      root,
      ['README.md', 'ARCHITECTURE.md', 'packages', 'apps', 'benchmarks', 'pnpm-lock.yaml'],
      corpusBytes,
    );
    const sample = sampleOf(corpus, sampleShare);
    screen.line(
      `Brotli has ${brotliSpace.size.toLocaleString('en')} settings here. The score: seconds to compress the files once on one core`,
    );
    screen.line(
      `and to send them ${downloads} times over a line of ${lineSpeed / 1e6} Mbit/s, per mebibyte.`,
    );
    screen.line(`  large problem: ${described(corpus)}`);
    screen.line(`  small problem: ${described(sample)}, every ${Math.round(1 / sampleShare)}th file by size`);
    screen.line('');

    const objective = (files: Corpus) => (params: BrotliParams) => {
      const { value, bytes, seconds } = brotliScore(files, params);
      return { value, metrics: { bytes, seconds } };
    };
    brotliScore(sample, brotliSpace.decode(new Float64Array(6).fill(0.5))); // the first call pays for warming up
    const stock = brotliScore(corpus, stockSettings).value;

    const shown: Record<'small' | 'large' | 'cold', Trial<BrotliParams>[]> = {
      small: [],
      large: [],
      cold: [],
    };
    const onTrial = (trial: Trial<BrotliParams>, stage: keyof typeof shown) => {
      shown[stage].push(trial);
      screen.live(liveText(stage, shown, screen));
    };
    const warm = await smallToLarge({
      space: brotliSpace,
      small: objective(sample),
      large: objective(corpus),
      smallTrials,
      largeTrials,
      seed,
      linalg,
      onTrial,
    });
    const cold = await minimize(objective(corpus), brotliSpace, {
      trials: largeTrials,
      seed,
      linalg,
      onTrial: (trial) => onTrial(trial, 'cold'),
    });

    const first = firstAtMost(warm.large.y, cold.value);
    screen.line(
      table(
        ['', 'seconds / MiB', 'evaluations', 'settings'],
        [
          ['stock settings (quality 11)', stock.toFixed(4), '', settingsText(stockSettings)],
          [
            'best on the small problem',
            warm.small.best?.value.toFixed(4) ?? '',
            String(smallTrials),
            settingsText(warm.small.best?.params),
          ],
          ['large, small to large', warm.value.toFixed(4), String(largeTrials), settingsText(warm.params)],
          ['large, cold start', cold.value.toFixed(4), String(largeTrials), settingsText(cold.params)],
        ],
      ),
    );
    screen.line('');
    screen.line(
      first === undefined
        ? `The cold start was ahead after ${largeTrials} evaluations this time (${cold.value.toFixed(4)} against ${warm.value.toFixed(4)}).`
        : `Small to large was as good as the cold start's ${largeTrials} evaluations after ${first}.`,
    );
    writeFileSync(
      path,
      await page({ warm: shown.large, cold: shown.cold, small: shown.small, stock, corpus, sample }),
    );
    screen.line(`Report: ${path}`);
  },
};

/** What Node's Brotli does when it is told nothing. */
const stockSettings: BrotliParams = {
  quality: 11,
  windowBits: 22,
  blockBits: 0,
  mode: 'generic',
  sizeHint: false,
  distancePostfix: 0,
};

const described = (corpus: Corpus) => `${corpus.files.length} files, ${(corpus.size / 1024).toFixed(0)} KiB`;

const valuesOf = (trials: readonly Trial[]) =>
  trials.map((t) => (t.state === 'complete' ? t.value : Number.NaN));

function bestOf(values: readonly number[]): readonly number[] {
  let best = Number.NaN;
  return values.map((v) => (best = v > best ? best : Number.isNaN(v) ? best : v));
}

/** Number of evaluations until the values first reach `target`. */
function firstAtMost(values: readonly number[], target: number): number | undefined {
  const index = values.findIndex((v) => v <= target);
  return index < 0 ? undefined : index + 1;
}

function liveText(
  stage: string,
  shown: Readonly<Record<'small' | 'large' | 'cold', readonly Trial[]>>,
  screen: Screen,
): string {
  const names = { small: 'small problem', large: 'small to large', cold: 'cold start' };
  const compared = stage === 'small' ? (['small'] as const) : (['large', 'cold'] as const);
  const chart = terminalChart({
    series: compared.map((key) => ({ name: names[key], values: bestOf(valuesOf(shown[key])) })),
    width: screen.width - 2,
    height: 8,
    color: screen.color,
    positions: stage === 'small' ? smallTrials : largeTrials,
  });
  const done = shown.small.length + shown.large.length + shown.cold.length;
  return `${names[stage as keyof typeof names]}: evaluation ${done} of ${smallTrials + 2 * largeTrials}\n${chart}`;
}

function settingsText(params: BrotliParams | undefined): string {
  if (!params) return '';
  const { quality, windowBits, blockBits, mode, sizeHint, distancePostfix } = params;
  return `q${quality} window ${windowBits} block ${blockBits || 'auto'} ${mode}${sizeHint ? ' hint' : ''} postfix ${distancePostfix}`;
}

async function page(seen: {
  readonly warm: readonly Trial[];
  readonly cold: readonly Trial[];
  readonly small: readonly Trial[];
  readonly stock: number;
  readonly corpus: Corpus;
  readonly sample: Corpus;
}): Promise<string> {
  const value = 'seconds per MiB';
  const direction = 'minimize';
  const space = brotliSpace.description;
  return report({
    title: 'Brotli, small to large',
    summary: `Settings learned on ${described(seen.sample)} and carried over to ${described(seen.corpus)}, beside a cold start with as many evaluations. Stock settings: ${seen.stock.toFixed(4)} seconds per MiB.`,
    sections: [
      {
        title: 'The large problem',
        charts: [
          {
            spec: comparison({
              groups: [
                { name: 'small to large', runs: [valuesOf(seen.warm)] },
                { name: 'cold start', runs: [valuesOf(seen.cold)] },
              ],
              direction,
              value,
            }),
          },
        ],
        table: trialTable(seen.warm, direction),
      },
      {
        title: 'The small problem',
        charts: [
          {
            spec: convergence({ series: [{ name: 'small problem', trials: seen.small }], direction, value }),
          },
          { spec: slices({ trials: seen.small, direction, space, value }) },
          { spec: parallelCoordinates({ trials: seen.small, direction, space, value }) },
        ],
        table: trialTable(seen.small, direction),
      },
      { title: 'The cold start', table: trialTable(seen.cold, direction) },
    ],
  });
}
