import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longest-first.ts';

/** Packages whose tests neither start programs nor change the process: their files share a process and its modules. */
const units = [
  'acquisitions',
  'checkpoints',
  'core',
  'gp-models',
  'numerics',
  'optimize',
  'protocol',
  'samplers',
  'space',
  'study-model',
  'testing',
  'viz',
].map((name) => `packages/${name}/src/**/*.test.ts`);

export default defineConfig({
  resolve: { conditions: ['@foothold/source'] },
  ssr: { resolve: { conditions: ['@foothold/source'] } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Many tests wait: for the programs that they start, for downloads, for leases to end. Of three files two have work.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    globalSetup: 'tests/run-folder.ts',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'programs',
          globalSetup: ['tests/run-folder.ts', 'tests/bundled-command.ts'],
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'benchmarks/src/**/*.test.ts',
            'tests/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', 'tests/browser/**', ...units],
        },
      },
      // The files of a process share its Chromium and the bundled pages.
      { extends: true, test: { name: 'browser', include: ['tests/browser/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'units', include: units, isolate: false } },
    ],
  },
});
