import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, or wait for what is downloaded: some are small, and size would put them last. */
const longest = [
  'tests/packed-packages.test.ts',
  'tests/python/ray.test.ts',
  'tests/python/sklearn.test.ts',
  'tests/python/optuna.test.ts',
  'tests/python/wheel.test.ts',
  'tests/python/core.test.ts',
  'tests/python/optuna4.test.ts',
  'benchmarks/src/studies-kills.test.ts',
];

/** Starts the longest files first, so that no core waits for one of them at the end; the others by project and size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(name));
      return place === -1 ? longest.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
