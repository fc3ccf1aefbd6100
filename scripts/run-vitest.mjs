import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const reporter = fileURLToPath(new URL('errors-outside-tests.mjs', import.meta.url));
/** Lines of the error output that are kept. */
const longestSaid = 20;

/**
 * Runs `[program, ...words] run …` of vitest on this terminal. Resolves with what its reporters wrote and how it ended, as `testSummary`
 * takes them, also where it dies. `isQuiet`: shows nothing.
 */
export async function runVitest([program, ...first], words, { cwd, shell = false, isQuiet = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-test-'));
  const [results, errors] = ['results.json', 'errors.json'].map((name) => join(folder, name));
  const reporters = ['--reporter=dot', '--reporter=json', `--reporter=${reporter}`];
  const child = spawn(program, [...first, 'run', ...reporters, `--outputFile.json=${results}`, ...words], {
    cwd,
    shell,
    stdio: ['inherit', isQuiet ? 'ignore' : 'inherit', 'pipe'],
    env: { ...process.env, FOOTHOLD_TEST_ERRORS: errors },
  });
  const end = await endOf(child, isQuiet);
  const found = { results: read(results), errors: read(errors) ?? [], end };
  rmSync(folder, { recursive: true });
  return found;
}

function endOf(child, isQuiet) {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    if (!isQuiet) process.stderr.write(text);
    said = (said + text).slice(-100_000);
  });
  const lines = () =>
    stripVTControlCharacters(said)
      .split('\n')
      .filter((line) => line.trim() !== '');
  return new Promise((done) => {
    child.on('error', ({ message }) => done({ code: 1, signal: null, said: message }));
    child.on('close', (code, signal) =>
      done({ code: code ?? 1, signal, said: lines().slice(-longestSaid).join('\n') }),
    );
  });
}

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
