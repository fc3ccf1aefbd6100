/**
 * `npm test`: installs everything, builds, checks and runs every test of every package; closes with one line
 * `N passed, N failed, N skipped`, and names before it all that failed. Words after `--` narrow the run to matching test files:
 * `npm test -- packages/space`. A step that failed before is counted where FOOTHOLD_FAILED_BEFORE says what it was.
 */
import { runVitest } from './run-vitest.mjs';
import { install, pnpm, pnpmCommand, root, windows } from './setup.mjs';
import { testSummary } from './test-summary.mjs';

const words = process.argv.slice(2);
install();
const steps = [];
if (process.env.FOOTHOLD_FAILED_BEFORE) steps.push(process.env.FOOTHOLD_FAILED_BEFORE);
delete process.env.FOOTHOLD_FAILED_BEFORE;
if (words.length === 0) {
  if (pnpm(['build', '--output-logs=errors-only'], { allowFailure: true }) !== 0) steps.push('build');
  if (pnpm(['check'], { allowFailure: true }) !== 0) steps.push('check');
}
const [program, first] = pnpmCommand();
const ran = await runVitest([program, ...first, 'exec', 'vitest'], words, { cwd: root, shell: windows });
const { lines, isGood } = testSummary({ root, steps, ...ran });
for (const line of lines) console.log(line);
process.exitCode = isGood ? 0 : 1;
