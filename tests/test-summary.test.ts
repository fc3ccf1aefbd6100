import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

interface Summary {
  readonly isGood: boolean;
  readonly lines: readonly string[];
}
const scripts = new URL('../scripts/', import.meta.url);
const { runVitest } = await import(new URL('run-vitest.mjs', scripts).href);
const { testSummary } = await import(new URL('test-summary.mjs', scripts).href);
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

const root = mkdtempSync(join(tmpdir(), 'foothold-summary-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What `npm test` would say at the end of a run of vitest on these files. */
async function summaryOf(
  name: string,
  files: Readonly<Record<string, string>>,
  steps: readonly string[] = [],
): Promise<Summary> {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const words = ['--globals', '--pool=forks', '--root', folder];
  const ran = await runVitest([process.execPath, vitest], words, { cwd: folder, isQuiet: true });
  return testSummary({ root: folder, steps, ...ran });
}

const passes = `test('holds', () => {});`;

it('has no failure to tell of where all tests pass', async () => {
  const { isGood, lines } = await summaryOf('good', {
    'a.test.js': `${passes} test.skip('waits', () => {});`,
  });
  expect(lines).toEqual(['SKIPPED a.test.js: waits', '1 passed, 0 failed, 1 skipped']);
  expect(isGood).toBe(true);
});

it('names and counts what failed outside of any test: a rejection, a worker that died, a hook', async () => {
  const { isGood, lines } = await summaryOf('outside', {
    'rejected.test.js': `test('leaves a promise', () => void Promise.reject(new RangeError('nobody awaits me')));`,
    'died.test.js': `test('ends its process', () => process.kill(process.pid, 'SIGKILL'));`,
    'hook.test.js': `describe('a suite', () => { afterAll(() => { throw new Error('left behind'); }); ${passes} });`,
  });
  const text = lines.join('\n');
  expect(text).toMatch(
    /^FAILED {2}rejected\.test\.js: Unhandled Rejection: RangeError: nobody awaits me \(at .*rejected\.test/m,
  );
  expect(text).toMatch(
    /^FAILED {2}Unhandled Error: Error: .*worker.*\ncaused by Error: .*SIGKILL.*died\.test\.js/im,
  );
  expect(text).toMatch(/^FAILED {2}hook\.test\.js: a suite: Error: left behind/m);
  expect(lines.at(-1)).toBe('2 passed, 3 failed, 0 skipped');
  expect(isGood).toBe(false);
});

it('never has 0 failed where vitest ends with an error, and repeats what it said last', async () => {
  const { isGood, lines } = await summaryOf('teardown', {
    'a.test.js': passes,
    'setup.js': `export function teardown() { throw new Error('the folder is in use'); }`,
    'vitest.config.js': `export default { test: { globalSetup: 'setup.js' } };`,
  });
  expect(lines.join('\n')).toMatch(
    /FAILED {2}vitest: ended with exit code 1, though no test failed;[\s\S]*the folder is in use/,
  );
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  expect(isGood).toBe(false);
});

it('says so where vitest wrote no results, and where a step before it failed', async () => {
  const { lines } = await summaryOf('none', { 'vitest.config.js': `throw new Error('no such setting');` }, [
    'build',
  ]);
  expect(lines.join('\n')).toMatch(
    /FAILED {2}build\nFAILED {2}vitest: ended with exit code 1, before it wrote its results;[\s\S]*no such setting/,
  );
  expect(lines.at(-1)).toBe('0 passed, 2 failed, 0 skipped');
});
