import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@foothold/source'] },
  ssr: { resolve: { conditions: ['@foothold/source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'benchmarks/src/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Many tests wait for the programs that they start: one file a core, and none kept free.
    maxWorkers: '100%',
  },
});
