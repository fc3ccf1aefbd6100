/**
 * `pnpm check`: types, lint and format, layers, lengths of functions, exports, unused code, sizes of bundles, and, where the
 * packages are built, the published
 * types. Prints every fault, then exits 1 when there was one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportFaults } from './check-exports.ts';
import { functionFaults } from './check-functions.ts';
import { layerFaults, selfImportFaults } from './check-layers.ts';
import { pageSizeFaults, reportSizeFaults, sizeFaults } from './check-size.ts';
import { wordFaults } from './check-words.ts';
import { packagesIn, root } from './workspace.ts';

let failed = false;

function step(name: string, faults: readonly string[]): void {
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const fault of faults) console.log(`       ${fault}`);
  if (faults.length > 0) failed = true;
}

/** Output lines of a tool that failed; nothing when it succeeded. */
function tool(command: string, args: readonly string[]): readonly string[] {
  const result = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return [];
  const lines = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`
    .trimEnd()
    .split('\n');
  return [`${command} ${args.join(' ')} ended with ${result.status ?? result.signal}`, ...lines];
}

step('layers', [...layerFaults(), ...selfImportFaults()]);
step('functions', functionFaults());
step('exports', exportFaults());
step('words', wordFaults());
step('types', tool('tsc', ['-p', '.']));
step('lint and format', tool('biome', ['check', '--error-on-warnings', '.']));
step('unused code', tool('knip', []));
const sizes: string[] = [];
step('sizes of bundles', [
  ...(await sizeFaults((line) => sizes.push(line))),
  ...(await pageSizeFaults((line) => sizes.push(line))),
  ...(await reportSizeFaults((line) => sizes.push(line))),
]);
for (const line of sizes) console.log(`       ${line}`);
const built = packagesIn('packages').filter(({ folder }) => existsSync(join(root, folder, 'dist/index.js')));
step(
  `published types of ${built.length} built packages`,
  built.flatMap(({ folder }) => [
    ...tool('publint', ['--strict', folder]),
    ...tool('attw', ['--pack', folder, '--profile', 'esm-only']),
  ]),
);
process.exitCode = failed ? 1 : 0;
