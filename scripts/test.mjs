/**
 * `npm test`: installs everything, builds, checks and runs every test of every package; closes with one line
 * `N passed, N failed, N skipped`. Words after `--` narrow the run to matching test files: `npm test -- packages/space`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { install, pnpm, root } from './setup.mjs';

const words = process.argv.slice(2);
install();
const folder = mkdtempSync(join(tmpdir(), 'foothold-test-'));
const file = join(folder, 'results.json');
const failures = [];
if (words.length === 0) {
  if (pnpm(['build', '--output-logs=errors-only'], { allowFailure: true }) !== 0) failures.push('build');
  if (pnpm(['check'], { allowFailure: true }) !== 0) failures.push('check');
}
const code = pnpm(
  ['exec', 'vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...words],
  { allowFailure: true },
);
const results = JSON.parse(readFileSync(file, 'utf8'));
rmSync(folder, { recursive: true });

for (const suite of results.testResults) {
  const name = relative(root, suite.name);
  if (suite.status === 'failed' && !suite.assertionResults.some((t) => t.status === 'failed')) {
    failures.push(name);
    console.log(`FAILED  ${name}: ${suite.message}`);
  }
  for (const test of suite.assertionResults) {
    if (test.status === 'failed') console.log(`FAILED  ${name}: ${test.fullName}`);
    if (test.status === 'pending' || test.status === 'skipped')
      console.log(`SKIPPED ${name}: ${test.fullName}`);
  }
}
for (const name of failures) console.log(`FAILED  ${name}`);
const failed = results.numFailedTests + failures.length;
const passed = results.numPassedTests;
const skipped = results.numPendingTests + (results.numTodoTests ?? 0);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || code !== 0 || passed === 0 ? 1 : 0);
