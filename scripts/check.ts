/**
 * `pnpm check`: types, lint and format, layers, lengths of functions, exports, unused code, sizes of bundles, and, where the
 * packages are built, the published types. Tools run side by side, the longest first. Prints every fault, then exits 1 when there
 * was one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportFaults } from './check-exports.ts';
import { functionFaults } from './check-functions.ts';
import { layerFaults, selfImportFaults } from './check-layers.ts';
import { publishedFaults } from './check-published.ts';
import { pageSizeFaults, reportSizeFaults, sizeFaults } from './check-size.ts';
import { wordFaults } from './check-words.ts';
import { toolFaults } from './run-tool.ts';
import { packagesIn, root } from './workspace.ts';

let failed = false;

function step(name: string, faults: readonly string[]): void {
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const fault of faults) console.log(`       ${fault}`);
  if (faults.length > 0) failed = true;
}

const built = packagesIn('packages').filter(({ folder }) => existsSync(join(root, folder, 'dist/index.js')));
const tools = [
  ['types', toolFaults('tsc', ['-p', '.'])],
  ['lint and format', toolFaults('biome', ['check', '--error-on-warnings', '.'])],
  ['unused code', toolFaults('knip', [])],
  [`published types of ${built.length} built packages`, publishedFaults(built)],
] as const;

step('layers', [...layerFaults(), ...selfImportFaults()]);
step('functions', functionFaults());
step('exports', exportFaults());
step('words', wordFaults());
const sizes: string[] = [];
step('sizes of bundles', [
  ...(await sizeFaults((line) => sizes.push(line))),
  ...(await pageSizeFaults((line) => sizes.push(line))),
  ...(await reportSizeFaults((line) => sizes.push(line))),
]);
for (const line of sizes) console.log(`       ${line}`);
for (const [name, faults] of tools) step(name, await faults);
process.exitCode = failed ? 1 : 0;
