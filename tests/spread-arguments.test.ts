import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, sourceFiles } from '../scripts/workspace.ts';

it('no package spreads values into Math.min or Math.max, which throws above some 100,000 of them', () => {
  const faults = sourceFiles()
    .filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          /Math\.(min|max)\([^;]*\.\.\./.test(line) && !/^\s*(\*|\/[/*])/.test(line)
            ? [`${file}:${i + 1} use largestOf or smallestOf of @foothold/core`]
            : [],
        ),
    );
  expect(faults).toEqual([]);
});
