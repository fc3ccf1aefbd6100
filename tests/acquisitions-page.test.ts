import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import * as experimental from '../packages/foothold/src/experimental.ts';
import { root } from '../scripts/workspace.ts';

it('every acquisition of the first table of docs/acquisitions.md is in foothold/experimental', () => {
  const page = readFileSync(join(root, 'docs/acquisitions.md'), 'utf8');
  const [table = ''] = /## Which there are[\s\S]*?(?=\n## )/.exec(page) ?? [];
  const names = [...table.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !(name in experimental))).toEqual([]);
});
